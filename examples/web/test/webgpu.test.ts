import type { Browser, Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { executablePath, launch } from '../src/browser/chromium.ts';
import { type Served, serve } from '../src/site/serve.ts';
import { keepScreenshot, openPage, patience } from './support/watched-page.ts';
import { training } from './support/training.ts';

const title = 'the playground in Chromium, on WebGPU';

if (!executablePath) describe(title, () => it.skip('there is no Chromium here', () => {}));
else {
  const browser = await launch({ webgpu: true });
  const served = await serve({ port: 0 });
  afterAll(async () => {
    await browser.close();
    await served.close();
  });
  if (await hasAdapter(browser, served)) {
    describe(title, () => onWebgpu(browser, served));
    describe(`${title}, every page (skipped unless LAB_EVERY_PAGE_ON_WEBGPU=1)`, () =>
      otherPagesOnWebgpu(browser, served));
  } else describe(title, () => it.skip('Chromium finds no adapter here, not even a software one', () => {}));
}

function onWebgpu(browser: Browser, served: Served): void {
  it(
    'trains, shows other samples, pauses within a step; goes on with simd when the device is lost',
    async () => {
      const { page, faults } = await openPage(browser, `${served.url}gan.html?backend=webgpu`);
      const game = training(page);
      await game.ready();
      expect(await page.locator('#backend-name').textContent()).toBe('webgpu');
      const before = await game.picture();
      await page.selectOption('[name=batchSize]', '16');
      await game.start();
      await game.reach(2);
      expect(await game.pause()).toBeLessThanOrEqual(1);
      expect(await game.picture()).not.toBe(before);
      await keepScreenshot(page, 'gan-webgpu');
      expect(faults).toEqual([]);

      await game.start();
      await loseDevice(page);
      await expect.poll(() => page.locator('#notice').textContent(), { timeout: patience }).toMatch(/device was lost/);
      expect(await page.locator('#backend-name').textContent()).toMatch(/^simd/);
      await game.reach(5);
      await game.pause();
      await page.close();
    },
    patience,
  );
}

/** Software WebGPU compiles a kernel in about a second, so that these take minutes. */
const everyPage = process.env['LAB_EVERY_PAGE_ON_WEBGPU'] === '1';

function otherPagesOnWebgpu(browser: Browser, served: Served): void {
  const slow = it.skipIf(!everyPage);
  const open = (name: string) => openPage(browser, `${served.url}${name}.html?backend=webgpu&training=2`);

  slow(
    'toy trains, and pauses within a step',
    async () => {
      const { page, faults } = await open('toy');
      const game = training(page);
      await game.ready();
      const before = await game.picture();
      await page.selectOption('[name=batchSize]', '16');
      await game.start();
      await game.reach(2);
      expect(await game.pause()).toBeLessThanOrEqual(1);
      expect(await game.picture()).not.toBe(before);
      await keepScreenshot(page, 'toy-webgpu');
      expect(faults).toEqual([]);
      await page.close();
    },
    2 * patience,
  );

  slow.each([
    ['attack', '#noise', '#noise-caption', /reads a 9/],
    ['diffusion', '#make', '#made', /^Ten pictures/],
    ['speed', '#measure', '#window', /^[1-9]/],
  ] as const)(
    '%s does what it is for',
    async (name, button, result, expected) => {
      const { page, faults } = await open(name);
      await page.locator(`${button}:enabled`).waitFor();
      if (name === 'diffusion') await page.fill('[name=steps]', '4');
      await page.locator(button).click();
      await expect.poll(() => page.locator(result).textContent(), { timeout: patience }).toMatch(expected);
      await keepScreenshot(page, `${name}-webgpu`);
      expect(faults).toEqual([]);
      await page.close();
    },
    2 * patience,
  );
}

/** As when a driver is updated, or a laptop goes to sleep. tfjs keeps its engine where it can be found. */
async function loseDevice(page: Page): Promise<void> {
  const [worker] = page.workers().filter((one) => one.url().includes('/worker'));
  await worker!.evaluate('_tfengine.backend.device.destroy()');
}

async function hasAdapter(browser: Browser, { url }: Served): Promise<boolean> {
  const page = await browser.newPage();
  await page.goto(url);
  const found = (await page.evaluate('navigator.gpu?.requestAdapter().then(Boolean, () => false)')) === true;
  await page.close();
  return found;
}
