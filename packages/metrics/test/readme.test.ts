import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const home = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'metrics-readme-'));

afterAll(() => rmSync(folder, { recursive: true }));

it("the README's example tells the samples from real ones", () => {
  const [, code] = /```js\n([^]*?)```/.exec(readFileSync(join(home, 'README.md'), 'utf8')) ?? [];
  const addresses = {
    '@lab/metrics': pathToFileURL(join(home, 'src/index.ts')).href,
    '@lab/core': import.meta.resolve('@lab/core'),
  };
  const resolved = Object.entries(addresses).reduce(
    (text, [name, url]) => text.replace(`'${name}'`, JSON.stringify(url)),
    code!,
  );
  writeFileSync(join(folder, 'example.mjs'), resolved);
  const lines = execFileSync(process.execPath, ['example.mjs'], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const numbers = (name: string) =>
    /^\S+: (\S+) \((\S+) to (\S+)\); real pictures (\S+)$/
      .exec(lines.split('\n').find((line) => line.startsWith(name))!)!
      .slice(1)
      .map(Number);
  const [frechet, low, high, floor] = numbers('frechet');
  expect(frechet).toBeGreaterThan(2 * floor!);
  expect(low! < frechet! && frechet! < high!).toBe(true);
  const [precision, , , ofReal] = numbers('precision');
  expect(precision).toBeGreaterThan(ofReal!);
  expect(lines).toMatch(/^classes: (\d+ ){9}0$/m);
});
