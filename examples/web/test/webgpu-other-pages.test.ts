import { beforeAll, describe, expect } from 'vitest';
import { executablePath } from '@lab/chromium';
import { hasAdapter } from './support/has-adapter.ts';
import { pageTests } from './support/page-tests.ts';
import { picture } from './support/picture.ts';
import { training } from './support/training.ts';
import { keepScreenshot, patience } from './support/watched-page.ts';

/** Two to four minutes on two cores that compute WebGPU in software: too long for every run of the tests. */
const isWanted = process.env['LAB_EVERY_PAGE_ON_WEBGPU'] === '1';
const title = 'the other pages in Chromium, on WebGPU (skipped without Chromium, or unless LAB_EVERY_PAGE_ON_WEBGPU=1)';

describe.skipIf(!executablePath || !isWanted)(title, () => {
  const { page, opened } = pageTests({
    webgpu: true,
    query: 'backend=webgpu&training=2',
    timeout: 2 * patience,
    async atEnd(watched, name) {
      if (name !== 'index') expect(await watched.page.locator('#backend-name').textContent()).toBe('webgpu');
      await keepScreenshot(watched.page, `${name}-webgpu`);
      expect(watched.faults).toEqual([]);
    },
  });
  beforeAll(async () => {
    const { browser, url } = opened();
    expect(await hasAdapter(browser, url), 'Chromium has an adapter, if only a software one').toBe(true);
  });

  const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: patience });

  page('index', 'says that WebGPU is here', async (page) => {
    await eventually(() => page.locator('#offers').textContent()).toMatch(/WebGPU has an adapter/);
  });

  page('toy', 'trains, shows other samples, and pauses within a step', async (page) => {
    await training(page).trainAndPause();
  });

  page('digits', 'paints digits by both models, mixes styles, and lays out a sheet', async (page) => {
    await eventually(() => page.locator('#cgan-caption').textContent()).toMatch(/^ten pictures in/);
    const [mixed, sheet] = [await picture(page, 'mixed'), await picture(page, 'sheet')];
    await page.fill('[name=style1]', '-2');
    await eventually(() => picture(page, 'mixed')).not.toBe(mixed);
    await page.selectOption('[name=digit]', '7');
    await eventually(() => picture(page, 'sheet')).not.toBe(sheet);
    await page.fill('[name=steps]', '4');
    await page.locator('#make').click();
    await eventually(() => page.locator('#diffusion-caption').textContent()).toMatch(/^ten pictures in/);
  });

  page('diffusion', 'makes digits of noise, plays the way back, and inpaints', async (page) => {
    await page.locator('#make:enabled').waitFor();
    await page.fill('[name=steps]', '4');
    await page.locator('#make').click();
    await eventually(() => page.locator('#made').textContent()).toMatch(/^Ten pictures in/);
    const end = await picture(page, 'noisy');
    await page.locator('#backward').click();
    await eventually(() => page.locator('#frame-label').textContent()).toBe('0 of 4');
    expect(await picture(page, 'noisy')).not.toBe(end);
    await page.locator('#lower-half').click();
    await page.locator('#inpaint').click();
    await eventually(() => page.locator('#inpainted-caption').textContent()).toMatch(/^four completions/);
  });

  page('attack', 'makes a nine of noise', async (page) => {
    await page.locator('#noise:enabled').click();
    await eventually(() => page.locator('#noise-caption').textContent()).toMatch(/reads a 9/);
  });

  page('quiz', 'keeps the score of who plays, and of the discriminator', async (page) => {
    await page.locator('#left:enabled').waitFor();
    const first = await picture(page, 'left-picture');
    await page.keyboard.press('ArrowLeft');
    await eventually(() => page.locator('#pairs').textContent()).toBe('1');
    await eventually(() => picture(page, 'left-picture')).not.toBe(first);
    expect(await page.locator('#its').textContent()).toMatch(/^\d+% \(\d+ to \d+\)$/);
  });

  page('speed', 'measures the step', async (page) => {
    await page.locator('#measure:enabled').click();
    await eventually(() => page.locator('#window').textContent()).toMatch(/^[1-9]/);
  });
});
