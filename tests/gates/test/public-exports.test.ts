import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeEntries, publishedPackages } from '../src/packages.ts';
import { publicExports } from '../src/public-exports.ts';

// A change here is a change of the public API: `vitest run -u` writes it down, and the commit says why, with a changeset.
describe.each(publishedPackages())('$manifest.name', ({ folder, directory, manifest }) => {
  it('exports what tests/gates/api says', async () => {
    const text = codeEntries(manifest).map(({ subpath, types }) => {
      const names = publicExports(path.join(directory, types)).map((line) => `  ${line}\n`);
      return `${path.posix.join(manifest.name, subpath)}\n${names.join('')}`;
    });
    await expect(text.join('\n')).toMatchFileSnapshot(`../api/${folder}.txt`);
  });

  it.each(codeEntries(manifest))(
    'exports at run time what the types of $subpath promise',
    async ({ types, default: file }) => {
      const promised = publicExports(path.join(directory, types)).filter((line) => !/^(interface|type) /.test(line));
      const names = promised.map((line) => line.split(' ').at(-1) ?? '');
      const module = (await import(path.join(directory, file))) as Record<string, unknown>;
      expect(Object.keys(module).sort()).toEqual(names.sort());
    },
  );
});
