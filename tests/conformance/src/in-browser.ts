import { type Browser, launch, serveFiles } from '@lab/chromium';
import { bundleSuite } from './bundle.ts';
import type { Mode } from './mode.ts';
import type { Report } from './outcome.ts';

const MINUTES = 60_000;
const PAGE = '<!doctype html><meta charset="utf-8"><title>conformance</title><body><script src="/suite.js"></script>';

export interface PageMode extends Mode {
  /** Whether the page is cross-origin isolated: only then may it share memory with threads. */
  readonly isolated: boolean;
}

/** Runs the suite once for each mode, each time in a fresh page of its own. */
export async function runInBrowser<Name extends string>(modes: Record<Name, PageMode>): Promise<Record<Name, Report>> {
  const suite = await bundleSuite('browser');
  const browser = await launch({ webgpu: false });
  try {
    const reports: Partial<Record<Name, Report>> = {};
    for (const name in modes) reports[name] = await runPage(browser, suite, modes[name]);
    return reports as Record<Name, Report>;
  } finally {
    await browser.close();
  }
}

async function runPage(browser: Browser, suite: string, mode: PageMode): Promise<Report> {
  const files = new Map([
    ['/', PAGE],
    ['/suite.js', suite],
  ]);
  const served = await serveFiles(files, mode);
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(5 * MINUTES);
    await page.addInitScript(`globalThis.mode = ${JSON.stringify(mode)}`);
    await page.goto(served.url);
    return (await page.evaluate('globalThis.report')) as Report;
  } finally {
    served.close();
  }
}
