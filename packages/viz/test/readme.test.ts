import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const home = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'viz-readme-'));

describe("the README's example", () => {
  beforeAll(() => {
    const [, code] = /```js\n([^]*?)```/.exec(readFileSync(join(home, 'README.md'), 'utf8')) ?? [];
    const source = pathToFileURL(join(home, 'src/index.ts')).href;
    writeFileSync(join(folder, 'example.mjs'), code!.replace("'@lab/viz'", JSON.stringify(source)));
    execFileSync(process.execPath, ['example.mjs'], { cwd: folder });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['curves.svg', 'grid.png'])('draws the %s shown there', (name) => {
    const drawn = readFileSync(join(folder, name));
    expect(drawn.equals(readFileSync(join(home, 'docs', name)))).toBe(true);
  });

  it('writes a report', () => {
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('Figure 2.');
  });
});
