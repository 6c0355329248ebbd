import { fileURLToPath } from 'node:url';
import type { SimdInfo } from '@lab/backend-simd';
import { type Browser, executablePath, launch, serveFiles } from '@lab/chromium';
import { build, type Rollup } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Result {
  readonly simd: number[];
  readonly cpu: number[];
  readonly info: SimdInfo;
}

/** The page as a user's bundler makes it, from the package's built files: text by path. */
async function bundle(): Promise<Map<string, string>> {
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('../src/bundled', import.meta.url)),
    worker: { format: 'es' },
    build: {
      write: false,
      modulePreload: false,
      minify: false,
      target: 'es2022',
      rollupOptions: {
        input: fileURLToPath(new URL('../src/bundled/page.js', import.meta.url)),
        preserveEntrySignatures: false,
      },
    },
  })) as Rollup.RollupOutput;
  const files = new Map(
    output.output.map((file) => [`/${file.fileName}`, 'code' in file ? file.code : String(file.source)]),
  );
  const entry = output.output[0].fileName;
  return files.set('/', `<!doctype html><title>simd</title><script type="module" src="/${entry}"></script>`);
}

describe.skipIf(executablePath === undefined)('a page that a bundler has made (skipped without Chromium)', () => {
  let files: Map<string, string>;
  let browser: Browser;

  beforeAll(async () => {
    files = await bundle();
    browser = await launch({ webgpu: false });
  });
  afterAll(() => browser.close());

  async function run(isolated: boolean, call = 'run()'): Promise<Result> {
    const served = await serveFiles(files, { isolated });
    try {
      const page = await browser.newPage();
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(error.message));
      await page.goto(served.url);
      await page.waitForFunction('globalThis.run');
      const result = (await page.evaluate(call)) as Result;
      expect(problems).toEqual([]);
      return result;
    } finally {
      served.close();
    }
  }

  function expectSameTraining({ simd, cpu }: Result): void {
    expect(simd.at(-1)).toBeLessThan(simd[0] as number);
    simd.forEach((loss, i) => expect(loss / (cpu[i] as number)).toBeCloseTo(1, 4));
  }

  it('trains on several threads where the page is cross-origin isolated', async () => {
    const result = await run(true);
    expect(result.info).toMatchObject({ shared: true, threads: 2 });
    expectSameTraining(result);
  });

  it('trains in a Web Worker, with threads of its own', async () => {
    const result = await run(true, 'runInWorker()');
    expect(result.info).toMatchObject({ shared: true, threads: 2 });
    expectSameTraining(result);
  });

  it('trains on one thread where it is not, and says why', async () => {
    const result = await run(false);
    expect(result.info).toMatchObject({ threads: 1, shared: false });
    expect(result.info.reason).toMatch(/must be cross-origin isolated/);
    expectSameTraining(result);
  });
});
