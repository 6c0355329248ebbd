import { describe, expect } from 'vitest';
import { executablePath } from '@lab/chromium';
import { expectSound } from './support/expect-sound.ts';
import { pageTests } from './support/page-tests.ts';
import { picture } from './support/picture.ts';
import { training } from './support/training.ts';
import { keepScreenshot, patience } from './support/watched-page.ts';

describe.skipIf(!executablePath)('the playground in Chromium, on simd with threads (skipped without Chromium)', () => {
  const { page } = pageTests({
    webgpu: false,
    query: 'backend=simd&threads=2&training=5',
    timeout: patience,
    async atEnd(watched, name) {
      await keepScreenshot(watched.page, `${name}-simd`);
      await expectSound(watched, name);
    },
  });

  page('index', 'says what the browser offers', async (page) => {
    await expect.poll(() => page.locator('#offers').textContent()).toMatch(/may use threads/);
  });

  for (const name of ['toy', 'gan']) {
    page(name, 'trains, shows other samples, pauses within a step, and starts anew', async (page) => {
      const game = training(page);
      await game.ready();
      expect(await page.locator('#backend-name').textContent()).toBe('simd, 2 threads');
      const before = await game.picture();
      await game.start();
      await game.reach(20);
      expect(await game.pause()).toBeLessThanOrEqual(1);
      const paused = await game.step();
      expect(await game.picture()).not.toBe(before);
      await page.waitForTimeout(200);
      expect(await game.step()).toBe(paused);

      await game.oneStep();
      expect(await game.step()).toBe(paused + 1);
      await game.reset();
      expect(await game.picture()).toBe(before);
    });
  }

  page('toy', 'takes another loss, learning rate and number of steps while it trains', async (page) => {
    const game = training(page);
    await game.ready();
    await game.start();
    for (const loss of ['wasserstein', 'hinge', 'leastSquares', 'minimaxLogits']) {
      await page.selectOption('[name=loss]', loss);
      await game.reach((await game.step()) + 2);
    }
    await page.fill('[name=dSteps]', '3');
    await page.fill('[name=gRate]', '-4');
    await game.reach((await game.step()) + 2);
    expect(await page.locator('[name=gRate]').getAttribute('aria-valuetext')).toBe('0.0001');
    expect(await game.pause()).toBeLessThanOrEqual(1);
  });

  page('attack', 'reads a digit drawn by keyboard, attacks it, and makes a nine of noise', async (page) => {
    await page.locator('#attack:enabled').waitFor();
    await page.locator('#drawing').focus();
    for (const [key, times] of [
      ['ArrowUp', 8],
      [' ', 1],
      ['ArrowDown', 16],
    ] as const) {
      for (let i = 0; i < times; i++) await page.keyboard.press(key);
    }
    await expect.poll(() => page.locator('#reading').textContent()).toMatch(/reads a 1/);
    await page.locator('#attack').click();
    await expect.poll(() => page.locator('#verdict').textContent()).toMatch(/^(It worked|It did not work)/);
    await page.locator('#noise').click();
    await expect.poll(() => page.locator('#noise-caption').textContent()).toMatch(/reads a 9, and is \d+% sure/);
  });

  page('diffusion', 'makes digits of noise, plays the way back, and inpaints', async (page) => {
    await page.locator('#make:enabled').waitFor();
    await page.fill('[name=steps]', '4');
    await page.locator('#make').click();
    await expect.poll(() => page.locator('#made').textContent()).toMatch(/^Ten pictures in/);
    const end = await picture(page, 'noisy');
    await page.locator('#backward').click();
    await expect.poll(() => page.locator('#frame-label').textContent()).toBe('0 of 4');
    expect(await picture(page, 'noisy')).not.toBe(end);
    await page.locator('#lower-half').click();
    await page.locator('#inpaint').click();
    await expect.poll(() => page.locator('#inpainted-caption').textContent()).toMatch(/^four completions/);
  });

  page('digits', 'paints digits by both models, mixes styles, and lays out a sheet', async (page) => {
    await page.locator('#make:enabled').waitFor();
    await expect.poll(() => page.locator('#cgan-caption').textContent()).toMatch(/^ten pictures in/);
    const [mixed, sheet] = [await picture(page, 'mixed'), await picture(page, 'sheet')];
    await page.fill('[name=style1]', '-2');
    await expect.poll(() => picture(page, 'mixed')).not.toBe(mixed);
    await page.selectOption('[name=digit]', '7');
    await expect.poll(() => picture(page, 'sheet')).not.toBe(sheet);
    await page.fill('[name=steps]', '4');
    await page.locator('#make').click();
    await expect.poll(() => page.locator('#diffusion-caption').textContent()).toMatch(/^ten pictures in/);
  });

  page('quiz', 'keeps the score of who plays, by keyboard, and of the discriminator', async (page) => {
    for (const [i, key] of ['ArrowLeft', 'ArrowRight', 'ArrowLeft'].entries()) {
      await page.locator('#left:enabled').waitFor();
      await page.keyboard.press(key);
      await expect.poll(() => page.locator('#pairs').textContent()).toBe(String(i + 1));
    }
    for (const id of ['yours', 'its'])
      expect(await page.locator(`#${id}`).textContent()).toMatch(/^\d+% \(\d+ to \d+\)$/);
  });

  page('speed', 'measures the step', async (page) => {
    await page.locator('#measure:enabled').click();
    await expect.poll(() => page.locator('#window').textContent()).toMatch(/^[1-9]/);
    expect(await page.locator('#median').textContent()).toMatch(/^[\d.]+ ms$/);
  });
});
