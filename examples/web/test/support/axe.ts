import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from '@lab/chromium';

const script = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Accessibility faults that axe calls serious or critical, each with where it is. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // A script that is evaluated is not held to the page's policy, as one that is added would be.
  if (!(await page.evaluate('"axe" in globalThis'))) {
    const { readFile } = await import('node:fs/promises');
    await page.evaluate(await readFile(script, 'utf8'));
  }
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => String(target)).join(', ')}`);
}
