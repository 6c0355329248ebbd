import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import { bundleSuite } from './bundle.ts';
import type { Mode } from './mode.ts';
import type { Report } from './outcome.ts';

/** A Chromium of the system's; undefined if it has none. */
export const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);

export const launchArguments: readonly string[] = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

const MINUTES = 60_000;
const PAGE = '<!doctype html><meta charset="utf-8"><title>conformance</title><body><script src="/suite.js"></script>';

export interface PageMode extends Mode {
  /** Whether the page is cross-origin isolated: only then may it share memory with threads. */
  readonly isolated: boolean;
}

/** Runs the suite once for each mode, each time in a fresh page of its own. */
export async function runInBrowser<Name extends string>(modes: Record<Name, PageMode>): Promise<Record<Name, Report>> {
  const suite = await bundleSuite('browser');
  const browser = await chromium.launch({ executablePath: executablePath as string, args: [...launchArguments] });
  try {
    const reports: Partial<Record<Name, Report>> = {};
    for (const name in modes) reports[name] = await runPage(browser, suite, modes[name]);
    return reports as Record<Name, Report>;
  } finally {
    await browser.close();
  }
}

async function runPage(browser: Browser, suite: string, mode: PageMode): Promise<Report> {
  const server = await serve(suite, mode.isolated);
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(5 * MINUTES);
    await page.addInitScript(`globalThis.mode = ${JSON.stringify(mode)}`);
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return (await page.evaluate('globalThis.report')) as Report;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function serve(suite: string, isolated: boolean): Promise<Server> {
  const server = createServer(({ url }, response) => {
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    const script = url === '/suite.js';
    if (!script && url !== '/') return response.writeHead(404).end();
    response.setHeader('Content-Type', script ? 'text/javascript' : 'text/html');
    return response.end(script ? suite : PAGE);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
