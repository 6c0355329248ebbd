import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

/** A Chromium of the system's; undefined if it has none. */
export const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);

/**
 * Opens the built page in `folder`.
 * @returns what `expression` comes to there, and what the console had of errors
 */
export async function inChromium(folder: string, expression: string) {
  const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
  const browser = await chromium.launch({ executablePath: chromiumPath as string, args });
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
    await page.route('http://localhost/**', (route) => {
      const { pathname } = new URL(route.request().url());
      return route.fulfill({ path: path.join(folder, pathname === '/' ? 'index.html' : pathname) });
    });
    await page.goto('http://localhost/');
    return { result: await page.evaluate(expression), errors };
  } finally {
    await browser.close();
  }
}
