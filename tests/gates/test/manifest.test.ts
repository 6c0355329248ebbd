import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { publishedPackages, root } from '../src/packages.ts';

const licence = readFileSync(path.join(root, 'LICENSE'), 'utf8');
const packages = publishedPackages();

/** What a program must have once only, or two copies each hold half of the tensors. */
const shared = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers'];

describe.each(packages)('$manifest.name', ({ folder, directory, manifest }) => {
  it('is named after its folder and described', () => {
    expect(manifest.name).toBe(`@lab/${folder}`);
    expect(manifest.description?.length).toBeGreaterThan(20);
  });

  it('is an ES module under the MIT licence, for Node 20 and later, published with provenance', () => {
    expect(manifest).toMatchObject({
      type: 'module',
      license: 'MIT',
      engines: { node: '>=20' },
      publishConfig: { access: 'public', provenance: true },
      sideEffects: expect.anything() as unknown,
    });
    expect(readFileSync(path.join(directory, 'LICENSE'), 'utf8')).toBe(licence);
  });

  it('publishes its build and exposes its package.json', () => {
    expect(manifest.files).toContain('dist');
    expect(manifest.exports['./package.json']).toBe('./package.json');
    expect(manifest.exports['.']).toBeDefined();
  });

  it('runs nothing when it is installed', () => {
    const installScripts = ['preinstall', 'install', 'postinstall', 'prepare'];
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => installScripts.includes(name))).toEqual([]);
  });

  it('typechecks as a gate of its own', () => {
    expect(manifest.scripts).toMatchObject({ build: expect.any(String) as unknown, typecheck: 'tsc --noEmit' });
  });

  it('takes tfjs as a peer', () => {
    const own = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
    expect(own.filter((name) => shared.includes(name))).toEqual([]);
  });

  it('asks for tfjs where a package that it depends on does', () => {
    const needed = packages
      .filter(({ manifest: { name } }) => manifest.dependencies?.[name] !== undefined)
      .flatMap((dependency) => Object.keys(dependency.manifest.peerDependencies ?? {}))
      .filter((name) => shared.includes(name));
    expect(Object.keys(manifest.peerDependencies ?? {})).toEqual(expect.arrayContaining(needed));
  });
});

describe('this workspace', () => {
  it.each(['gates', 'rehearsal'])('has every package among the devDependencies of tests/%s', (name) => {
    const text = readFileSync(path.join(root, 'tests', name, 'package.json'), 'utf8');
    const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> };
    // So that turbo builds them all first.
    expect(Object.keys(devDependencies)).toEqual(expect.arrayContaining(packages.map(({ manifest }) => manifest.name)));
  });
});
