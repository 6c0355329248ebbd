import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BackendName } from '@lab/core';
import { launch } from '@lab/playground/src/browser/chromium.ts';
import { headers } from '@lab/playground/src/site/headers.ts';
import { build } from 'esbuild';
import type { Measured, page as inside } from './page.ts';

/** A page of Chromium's, and a backend in it. */
export interface Chromium {
  /** Why the backend can't run there, or null if it can. */
  readonly refusal: () => Promise<string | null>;
  /** On two threads, where the backend is `simd` and the page is isolated. */
  readonly measure: (model: string) => Promise<Measured>;
  readonly close: () => Promise<void>;
}

const MINUTES = 60_000;

/** Bundled once for all pages. */
let scripts: ReturnType<typeof bundle> | undefined;

type Scope = { readonly page: typeof inside };

/**
 * Opens a page with this suite's models; WebGPU in it computes on the processor.
 *
 * @param options.isolated Whether the page is cross-origin isolated: only then may it share memory with threads.
 */
export async function openPage(backend: BackendName, { isolated }: { readonly isolated: boolean }): Promise<Chromium> {
  const server = await serve(await (scripts ??= bundle()), isolated);
  const browser = await launch({ webgpu: backend === 'webgpu' });
  const page = await browser.newPage();
  page.setDefaultTimeout(10 * MINUTES);
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction('globalThis.page');
  const options = backend === 'simd' ? { threads: isolated ? 2 : 1 } : {};
  return {
    refusal: () =>
      page.evaluate((args) => (globalThis as unknown as Scope).page.refusalOf(...args), [backend, options] as const),
    measure: (model) =>
      page.evaluate((args) => (globalThis as unknown as Scope).page.measure(...args), [
        model,
        backend,
        options,
      ] as const),
    close: async () => {
      await browser.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The page's scripts, by their paths. */
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
    logLevel: 'error',
  });
  return new Map(outputFiles.map(({ path: file, text }) => [`/${path.relative(outdir, file)}`, text]));
}

function serve(scripts: ReadonlyMap<string, string>, isolated: boolean): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const script = scripts.get(url);
    const type = script === undefined ? 'text/html' : 'text/javascript';
    response.writeHead(200, { 'Content-Type': type, ...(isolated && headers.isolation) });
    response.end(script ?? '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>');
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
