import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createPackageFromTarballData, type Package } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import budgets from '../size-budgets.json' with { type: 'json' };
import { codeEntries, pack, publishedPackages, type Manifest } from '../src/packages.ts';
import { typesProblems } from '../src/types-problems.ts';

const temporary = mkdtempSync(path.join(os.tmpdir(), 'lab-gates-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

describe.each(publishedPackages())('$manifest.name, packed', (workspacePackage) => {
  let file: string;
  let tarball: Package;
  let manifest: Manifest;
  /** Paths inside the package, such as `dist/index.js`. */
  let contents: string[];

  beforeAll(() => {
    file = pack(workspacePackage, temporary);
    tarball = createPackageFromTarballData(new Uint8Array(readFileSync(file)));
    const folder = `/node_modules/${tarball.packageName}/`;
    manifest = JSON.parse(tarball.readFile(`${folder}package.json`)) as Manifest;
    contents = tarball.listFiles(folder).map((name) => name.slice(folder.length));
  });

  it('passes publint', async () => {
    const bytes = new Uint8Array(readFileSync(file));
    const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it('passes arethetypeswrong in its esm-only profile', async () => {
    const entries = new Set(codeEntries(manifest).map(({ subpath }) => subpath));
    const others = Object.keys(manifest.exports).filter((subpath) => !entries.has(subpath));
    expect(await typesProblems(tarball, others)).toEqual([]);
  });

  it('has a README, a licence, and no source, test or build file', () => {
    expect(contents).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    const stray =
      /(^|\/)(src|test|tests|assembly|tools|scripts|node_modules|\.turbo)\/|tsconfig|tsup\.config|\.test\.|\.log$/;
    expect(contents.filter((name) => stray.test(name))).toEqual([]);
  });

  it('says in its README how to install and import it', () => {
    const readme = tarball.readFile(`/node_modules/${tarball.packageName}/README.md`);
    expect(readme).toMatch(new RegExp(`npm (install|i|add) .*${manifest.name}`));
    expect(readme).toMatch(new RegExp(`(from|import) '${manifest.name}`));
  });

  it('has every file that its exports name, with types before the code', () => {
    for (const { subpath, types, default: code } of codeEntries(manifest)) {
      expect(contents, subpath).toEqual(expect.arrayContaining([types.slice(2), code.slice(2)]));
    }
    for (const target of Object.values(manifest.exports)) {
      expect(Object.keys(target).filter((key) => typeof target === 'object' && key !== 'types')).toEqual(
        typeof target === 'object' ? ['default'] : [],
      );
    }
  });

  it('depends on released versions, without a trace of the workspace', () => {
    expect(JSON.stringify(manifest)).not.toMatch(/workspace:|catalog:|link:|file:/);
  });

  it('names no path of the machine that built it', () => {
    const text = contents.filter((name) => /\.(js|ts|json|md|map)$/.test(name));
    const home = path.resolve(import.meta.dirname, '../../..') + path.sep;
    const leaks = text.filter((name) =>
      tarball.readFile(`/node_modules/${tarball.packageName}/${name}`).includes(home),
    );
    expect(leaks).toEqual([]);
  });

  it('keeps to its budget of packed bytes', () => {
    const budget = (budgets as Record<string, { packed: number } | undefined>)[workspacePackage.folder];
    expect(budget, `add '${workspacePackage.folder}' to tests/gates/size-budgets.json`).toBeDefined();
    expect(statSync(file).size).toBeLessThanOrEqual(budget?.packed ?? 0);
  });
});
