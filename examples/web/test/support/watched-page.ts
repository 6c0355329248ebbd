import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from '@lab/chromium';

/** Generous on purpose: software WebGPU takes seconds a step, and a slow machine is not a failing test. */
export const patience = 240_000;

/** A page, and what went wrong in it: console errors, exceptions, requests that failed or left the address. */
export interface WatchedPage {
  readonly page: Page;
  readonly faults: string[];
}

export async function openPage(browser: Browser, url: string, options: { width?: number } = {}): Promise<WatchedPage> {
  const page = await browser.newPage({ viewport: { width: options.width ?? 1200, height: 900 } });
  page.setDefaultTimeout(patience);
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'data:' && protocol !== 'blob:' && origin !== new URL(url).origin) faults.push(`asked ${origin}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(url);
  return { page, faults };
}

const folder = path.resolve(import.meta.dirname, '../../screenshots');

/** Keeps how the page looks, for whoever wants to see it. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}
