import { type Browser, type Page, launch } from '@lab/chromium';
import { afterAll, beforeAll, it } from 'vitest';
import { type Served, serve } from '../../src/site/serve.ts';
import { type WatchedPage, openPage } from './watched-page.ts';

/** How the pages of a suite are opened, and what holds of each after its test. */
export interface PageTestOptions {
  readonly webgpu: boolean;
  /** Of every page's address, without its question mark. */
  readonly query: string;
  /** Milliseconds that a test may take. */
  readonly timeout: number;
  readonly atEnd: (watched: WatchedPage, name: string) => Promise<void>;
}

/** What to call within a `describe`: it serves the playground to a Chromium, and gives a test of a page from its opening to its closing. */
export function pageTests({ webgpu, query, timeout, atEnd }: PageTestOptions) {
  let [served, browser]: [Served | undefined, Browser | undefined] = [undefined, undefined];
  beforeAll(async () => {
    served = await serve({ port: 0 });
    browser = await launch({ webgpu });
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  const page = (name: string, what: string, test: (page: Page) => Promise<void>) =>
    it(
      `${name} ${what}`,
      async () => {
        const watched = await openPage(browser!, `${served!.url}${name}.html?${query}`);
        await test(watched.page);
        await atEnd(watched, name);
        await watched.page.close();
      },
      timeout,
    );
  return { page, opened: () => ({ browser: browser!, url: served!.url }) };
}
