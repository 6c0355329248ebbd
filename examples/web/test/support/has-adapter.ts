import type { Browser } from '@lab/chromium';

/** Whether WebGPU has an adapter in a page of this address, be it a software one. */
export async function hasAdapter(browser: Browser, url: string): Promise<boolean> {
  const page = await browser.newPage();
  await page.goto(url);
  const found = (await page.evaluate('navigator.gpu?.requestAdapter().then(Boolean, () => false)')) === true;
  await page.close();
  return found;
}
