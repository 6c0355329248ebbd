import type { Page } from '@lab/chromium';
import { expect } from 'vitest';

/** Drives the controls of a page that trains. */
export function training(page: Page) {
  const run = page.locator('#run');
  const note = (name: string) => page.evaluate((key) => document.documentElement.dataset[key], name);
  const step = async () => Number(await note('step'));
  const reach = (least: number) =>
    page.waitForFunction((wanted) => Number(document.documentElement.dataset['step']) >= wanted, least);
  const canvas = page.locator('#samples, #plane');
  const ready = () => page.locator('#run:enabled').waitFor();
  const picture = () => canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
  const start = () => run.click();
  /** Resolves with how many steps were made after the asking. */
  async function pause(): Promise<number> {
    await page.evaluate(() => delete document.documentElement.dataset['stepsAfterPause']);
    await run.click();
    await page.waitForFunction(() => document.documentElement.dataset['stepsAfterPause'] !== undefined);
    return Number(await note('stepsAfterPause'));
  }
  return {
    step,
    reach,
    ready,
    picture,
    start,
    pause,
    /** Two steps of small batches, which a slow backend can make, change the samples; the pause comes within one more. */
    async trainAndPause() {
      await ready();
      const before = await picture();
      await page.selectOption('[name=batchSize]', '16');
      await start();
      await reach(2);
      expect(await pause()).toBeLessThanOrEqual(1);
      expect(await picture()).not.toBe(before);
    },
    async oneStep() {
      const before = await step();
      await page.locator('#step').click();
      await reach(before + 1);
    },
    async reset() {
      await page.locator('#reset').click();
      await page.waitForFunction(() => document.documentElement.dataset['step'] === '0');
      await page.locator('#run:enabled').waitFor();
    },
  };
}
