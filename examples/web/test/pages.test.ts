import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../src/site/serve.ts';
import { seriousFaults } from './support/axe.ts';
import { executablePath, keepScreenshot, launch, openPage } from './support/chromium.ts';
import { training } from './support/training.ts';

const pages = ['index', 'toy', 'gan', 'attack'];

describe.skipIf(!executablePath)('the playground in Chromium, on simd with threads (skipped without Chromium)', () => {
  let [served, browser]: [Served | undefined, Browser | undefined] = [undefined, undefined];
  const open = (page: string, options = {}) => openPage(browser!, `${served!.url}${page}`, options);

  beforeAll(async () => {
    served = await serve({ port: 0 });
    browser = await launch({ webgpu: false });
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  it.each(['toy', 'gan'])('%s trains, shows other samples, pauses within a step, and starts anew', async (name) => {
    const { page, faults } = await open(`${name}.html?backend=simd&threads=2`);
    const game = training(page);
    await game.ready();
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
    await keepScreenshot(page, `${name}-simd`);
    await game.reset();
    expect(await game.picture()).toBe(before);
    expect(await page.locator('#backend-name').textContent()).toBe('simd, 2 threads');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('takes another loss, learning rate and number of steps while it trains', async () => {
    const { page, faults } = await open('toy.html?backend=simd&threads=2');
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
    expect(faults).toEqual([]);
    await page.close();
  });

  it('attacks a digit that was drawn by keyboard, and makes a nine of noise', async () => {
    const { page, faults } = await open('attack.html?backend=simd&threads=2');
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
    await keepScreenshot(page, 'attack-simd');
    expect(faults).toEqual([]);
    await page.close();
  });

  it.each(pages)('%s has no serious accessibility fault, light or dark, and fits a phone', async (name) => {
    const { page, faults } = await open(`${name}.html?backend=simd&threads=1`, { width: 360 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await seriousFaults(page)).toEqual([]);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await keepScreenshot(page, `${name}-phone-dark`);
    expect(faults).toEqual([]);
    await page.close();
  });
});
