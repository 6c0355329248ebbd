import { fileURLToPath } from 'node:url';
import { bundlePage, launch, serveFiles } from '@lab/chromium';
import type { ReadPictures } from './page.ts';

/** A page that somebody's bundler made of `loadPretrained`. */
export interface PretrainedPage {
  readonly readPictures: ReadPictures;
  /** The scripts that the page has asked for. */
  readonly loaded: () => readonly string[];
  close(): Promise<void>;
}

export async function openPage(): Promise<PretrainedPage> {
  const files = await bundlePage(fileURLToPath(new URL('page.ts', import.meta.url)), {
    external: ['@lab/backend-simd'],
  });
  const served = await serveFiles(files, { isolated: false });
  const browser = await launch({ webgpu: false });
  const page = await browser.newPage();
  page.setDefaultTimeout(300_000);
  await page.goto(served.url);
  await page.waitForFunction('globalThis.readPictures !== undefined');
  return {
    readPictures: (name, pixels) =>
      page.evaluate(
        ([which, values]) => (globalThis as unknown as { readPictures: ReadPictures }).readPictures(which, values),
        [name, pixels] as const,
      ),
    loaded: () => served.asked.filter((path) => files.has(path) && path !== '/'),
    close: async () => {
      await browser.close();
      served.close();
    },
  };
}
