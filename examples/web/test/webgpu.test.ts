import { type Browser, type Page, executablePath, launch } from '@lab/chromium';
import { afterAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../src/site/serve.ts';
import { hasAdapter } from './support/has-adapter.ts';
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
  if (await hasAdapter(browser, served.url)) describe(title, () => onWebgpu(browser, served));
  else describe(title, () => it.skip('Chromium finds no adapter here, not even a software one', () => {}));
}

function onWebgpu(browser: Browser, served: Served): void {
  it(
    'trains, shows other samples, pauses within a step; goes on with simd when the device is lost',
    async () => {
      const { page, faults } = await openPage(browser, `${served.url}gan.html?backend=webgpu`);
      const game = training(page);
      await game.trainAndPause();
      expect(await page.locator('#backend-name').textContent()).toBe('webgpu');
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

/** As when a driver is updated, or a laptop goes to sleep. tfjs keeps its engine where it can be found. */
async function loseDevice(page: Page): Promise<void> {
  const [worker] = page.workers().filter((one) => one.url().includes('/worker'));
  await worker!.evaluate('_tfengine.backend.device.destroy()');
}
