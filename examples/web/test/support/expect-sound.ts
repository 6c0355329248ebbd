import type { Page } from '@lab/chromium';
import { expect } from 'vitest';
import { seriousFaults } from './axe.ts';
import { type WatchedPage, keepScreenshot } from './watched-page.ts';

/** A page that said nothing on the console, fits a phone, and has no serious accessibility fault, light or dark. */
export async function expectSound({ page, faults }: WatchedPage, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await seriousFaults(page)).toEqual([]);
  }
  await keepScreenshot(page, `${name}-dark`);
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await widthOf(page)).toBeLessThanOrEqual(360);
  await keepScreenshot(page, `${name}-phone`);
  expect(faults).toEqual([]);
}

function widthOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth);
}
