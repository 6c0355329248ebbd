import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { executablePath, launchArguments } from '../in-browser.ts';
import type { ReadPictures } from './page.ts';

/** A page that somebody's bundler made of `loadPretrained`. */
export interface PretrainedPage {
  readonly readPictures: ReadPictures;
  /** The scripts that the page has asked for. */
  readonly loaded: () => readonly string[];
  close(): Promise<void>;
}

export async function openPage(): Promise<PretrainedPage> {
  const scripts = await bundle();
  const asked: string[] = [];
  const server = createServer(({ url = '/' }, response) => {
    const script = scripts.get(url);
    if (script !== undefined) asked.push(url);
    response.setHeader('Content-Type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(script ?? '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath: executablePath as string, args: [...launchArguments] });
  const page = await browser.newPage();
  page.setDefaultTimeout(300_000);
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction('globalThis.readPictures !== undefined');
  return {
    readPictures: (name, pixels) =>
      page.evaluate(
        ([which, values]) => (globalThis as unknown as { readPictures: ReadPictures }).readPictures(which, values),
        [name, pixels] as const,
      ),
    loaded: () => asked,
    close: async () => {
      await browser.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const outdir = path.resolve('/');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    bundle: true,
    splitting: true,
    write: false,
    outdir,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['@lab/backend-simd'],
    logLevel: 'error',
  });
  return new Map(outputFiles.map(({ path: file, text }) => [`/${path.relative(outdir, file)}`, text]));
}
