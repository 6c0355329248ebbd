import type { Page } from 'playwright-core';

/** Drives the controls of a page that trains. */
export function training(page: Page) {
  const run = page.locator('#run');
  const note = (name: string) => page.evaluate((key) => document.documentElement.dataset[key], name);
  const step = async () => Number(await note('step'));
  const reach = (least: number) =>
    page.waitForFunction((wanted) => Number(document.documentElement.dataset['step']) >= wanted, least);
  const canvas = page.locator('#samples, #plane');
  return {
    step,
    reach,
    ready: () => page.locator('#run:enabled').waitFor(),
    picture: () => canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL()),
    start: () => run.click(),
    /** Resolves with how many steps were made after the asking. */
    async pause() {
      await page.evaluate(() => delete document.documentElement.dataset['stepsAfterPause']);
      await run.click();
      await page.waitForFunction(() => document.documentElement.dataset['stepsAfterPause'] !== undefined);
      return Number(await note('stepsAfterPause'));
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
