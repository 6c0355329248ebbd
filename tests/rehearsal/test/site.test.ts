import { mkdtempSync, existsSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { publishedPackages, root } from '@lab/gates/packages';
import { afterAll, describe, expect, it } from 'vitest';
import { brokenLinks } from '../src/broken-links.ts';
import { run } from '../src/run.ts';

const isFull = process.env['MODE'] === 'full';

describe.skipIf(!isFull)(`the site of the API${isFull ? '' : ' (skipped: `pnpm rehearse` builds it)'}`, () => {
  const site = mkdtempSync(path.join(os.tmpdir(), 'lab-site-'));
  afterAll(() => rmSync(site, { recursive: true, force: true }));

  it('is built without a warning, with a page for every package, and without a broken link', async () => {
    await run(path.join(root, 'node_modules/.bin/typedoc'), ['--out', site, '--treatWarningsAsErrors'], root);
    const pages = publishedPackages().map(({ manifest }) => `modules/${manifest.name.replace(/[@/]/g, '_')}.html`);
    expect(pages.filter((page) => !existsSync(path.join(site, page)))).toEqual([]);
    expect(brokenLinks(site)).toEqual([]);
  }, 900_000);
});
