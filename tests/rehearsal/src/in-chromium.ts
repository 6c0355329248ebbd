import path from 'node:path';
import { launch } from '@lab/chromium';

/**
 * Opens the built page in `folder`.
 * @returns what `expression` comes to there, and what the console had of errors
 */
export async function inChromium(folder: string, expression: string) {
  const browser = await launch({ webgpu: false });
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
