import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { mayImport, mayLoad } from '../../../eslint/package-graph.js';

const root = path.resolve(import.meta.dirname, '../../..');
const page = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8');
const folders = readdirSync(path.join(root, 'packages')).filter((name) =>
  existsSync(path.join(root, 'packages', name, 'package.json')),
);

interface Dependencies {
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** The arrows that package.json asks for: `-->` for what is always there, `-.->` for an optional peer. */
function arrowsOf(folder: string) {
  const manifest = JSON.parse(
    readFileSync(path.join(root, 'packages', folder, 'package.json'), 'utf8'),
  ) as Dependencies;
  const optional = (name: string) => manifest.peerDependenciesMeta?.[name]?.optional === true;
  return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    .filter((name) => name.startsWith('@lab/'))
    .map((name) => `${folder} ${optional(name) ? '-.->' : '-->'} ${name.slice('@lab/'.length)}`);
}

function drawnLines() {
  const graph = /```mermaid\ngraph BT\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  return graph
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

describe('docs/architecture.md', () => {
  it('draws the dependencies that the package.json files have', () => {
    const drawn = drawnLines().filter((line) => line.includes('>'));
    expect(drawn.sort()).toEqual(folders.flatMap(arrowsOf).sort());
  });

  it('draws and describes every package', () => {
    const drawn = new Set(drawnLines().flatMap((line) => line.split(/ -->| -\.->| /).filter((word) => word !== '')));
    expect([...drawn].sort()).toEqual(folders);
    for (const folder of folders) expect(page).toContain(`[${folder}](../packages/${folder})`);
  });

  it('links to files that exist', () => {
    const links = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target ?? '');
    expect(links.filter((target) => !existsSync(path.join(root, 'docs', target)))).toEqual([]);
  });
});

describe('the table that lint uses', () => {
  it('allows the dependencies that the package.json files have', () => {
    const allowed = folders.flatMap((folder) => [
      ...(mayImport[folder] ?? []).map((name) => `${folder} --> ${name}`),
      ...(mayLoad[folder] ?? []).map((name) => `${folder} -.-> ${name}`),
    ]);
    expect(allowed).toEqual(expect.arrayContaining(folders.flatMap(arrowsOf)));
  });

  it('knows every package', () => {
    expect(Object.keys(mayImport)).toEqual(expect.arrayContaining(folders));
  });
});
