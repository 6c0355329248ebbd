import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { build, type Rollup } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimdInfo } from '../src/index.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

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
    root: fileURLToPath(new URL('browser', import.meta.url)),
    worker: { format: 'es' },
    build: {
      write: false,
      modulePreload: false,
      minify: false,
      target: 'es2022',
      rollupOptions: {
        input: fileURLToPath(new URL('browser/page.js', import.meta.url)),
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

function serve(files: Map<string, string>, isolated: boolean): Promise<Server> {
  const server = createServer(({ url }, response) => {
    const text = files.get(url ?? '/');
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    response.setHeader('Content-Type', url === '/' ? 'text/html' : 'text/javascript');
    response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe.skipIf(executablePath === undefined)('in a browser', () => {
  let files: Map<string, string>;
  let browser: Browser;

  beforeAll(async () => {
    files = await bundle();
    browser = await chromium.launch({ executablePath: executablePath as string, args });
  });
  afterAll(() => browser.close());

  async function run(isolated: boolean, call = 'run()'): Promise<Result> {
    const server = await serve(files, isolated);
    try {
      const page = await browser.newPage();
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(error.message));
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.waitForFunction('globalThis.run');
      const result = (await page.evaluate(call)) as Result;
      expect(problems).toEqual([]);
      return result;
    } finally {
      server.close();
      server.closeAllConnections();
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
