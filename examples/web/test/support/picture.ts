import type { Page } from '@lab/chromium';

/** What a canvas shows, as an address of data: equal for equal pictures. */
export function picture(page: Page, id: string): Promise<string> {
  return page.locator(`#${id}`).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
}
