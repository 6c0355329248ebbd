import path from 'node:path';
import { describe, expect, it } from 'vitest';
import budgets from '../size-budgets.json' with { type: 'json' };
import { entrySize } from '../src/entry-size.ts';
import { codeEntries, publishedPackages } from '../src/packages.ts';

type Budgets = Record<string, { entries: Record<string, number> } | undefined>;

describe.each(publishedPackages())('$manifest.name', ({ folder, directory, manifest }) => {
  it.each(codeEntries(manifest))('keeps $subpath to its budget, compressed', async ({ subpath, default: file }) => {
    const budget = (budgets as Budgets)[folder]?.entries[subpath];
    const size = await entrySize(path.join(directory, file));
    expect(budget, `add '${folder}' '${subpath}' to tests/gates/size-budgets.json: it has ${size} bytes`).toBeDefined();
    expect(size).toBeLessThanOrEqual(budget ?? 0);
  });

  it('has a budget for no entry that is gone', () => {
    const entries = codeEntries(manifest).map(({ subpath }) => subpath);
    expect(entries).toEqual(expect.arrayContaining(Object.keys((budgets as Budgets)[folder]?.entries ?? {})));
  });
});
