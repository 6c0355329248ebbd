import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, type Page, executablePath, launch } from '@lab/chromium';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../src/site/serve.ts';
import { openPage } from './support/watched-page.ts';

const dist = path.resolve(import.meta.dirname, '../dist');
const kilobyte = 1000;

describe.skipIf(!executablePath)('script before weights (skipped without Chromium)', () => {
  let browser: Browser | undefined;
  let served: Served | undefined;

  beforeAll(async () => {
    browser = await launch({ webgpu: false });
    served = await serve({ port: 0 });
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  it('is less than 500 kB on the first page, as it is stored', async () => {
    const { page } = await openPage(browser!, served!.url);
    await expect.poll(() => page.locator('#offers li').count()).toBe(2);
    expect((await scripts(page)).stored).toBeLessThan(500 * kilobyte);
    await page.close();
  });

  it.each(['toy', 'gan'])(
    'is less than 500 kB on %s with all that computes, as it is sent compressed',
    async (name) => {
      const { page } = await openPage(browser!, `${served!.url}${name}.html?backend=simd`);
      await page.locator('#run:enabled').waitFor();
      expect((await scripts(page)).compressed).toBeLessThan(500 * kilobyte);
      await page.close();
    },
  );
});

/** Bytes of all scripts that the page and its workers have loaded, but weights. */
async function scripts(page: Page): Promise<{ stored: number; compressed: number }> {
  const loaded = 'performance.getEntriesByType("resource").map(({ name }) => name)';
  // The threads of simd, made from blobs, load nothing, and never return to what could answer.
  const workers = page.workers().filter((worker) => worker.url().startsWith('http'));
  const inWorkers = (await Promise.all(workers.map((worker) => worker.evaluate(loaded)))) as string[][];
  const urls = [...((await page.evaluate(loaded)) as string[]), ...inWorkers.flat()];
  const files = new Set(
    urls.filter((url) => url.startsWith('http') && url.endsWith('.js')).map((url) => path.basename(url)),
  );
  const contents = [...files].filter((file) => !file.includes('-weights-')).map(read);
  return { stored: total(contents), compressed: total(contents.map((content) => gzipSync(content))) };
}

function read(file: string): Buffer {
  return readFileSync(path.join(dist, 'assets', file));
}

function total(buffers: readonly Buffer[]): number {
  return buffers.reduce((sum, { length }) => sum + length, 0);
}
