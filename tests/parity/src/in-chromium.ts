import { fileURLToPath } from 'node:url';
import { bundlePage, launch, serveFiles } from '@lab/chromium';
import type { BackendName } from '@lab/core';
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
let files: ReturnType<typeof bundlePage> | undefined;

type Scope = { readonly page: typeof inside };

/**
 * Opens a page with this suite's models; WebGPU in it computes on the processor.
 *
 * @param options.isolated Whether the page is cross-origin isolated: only then may it share memory with threads.
 */
export async function openPage(backend: BackendName, { isolated }: { readonly isolated: boolean }): Promise<Chromium> {
  files ??= bundlePage(fileURLToPath(new URL('page.ts', import.meta.url)));
  const served = await serveFiles(await files, { isolated });
  const browser = await launch({ webgpu: backend === 'webgpu' });
  const page = await browser.newPage();
  page.setDefaultTimeout(10 * MINUTES);
  await page.goto(served.url);
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
      served.close();
    },
  };
}
