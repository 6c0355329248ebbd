/**
 * Who may import whom, by folder name under packages/: the one table that the lint rule, the tests and docs/architecture.md
 * are held against. What is not named here is forbidden. `examples`, `bench` and `tests` know all.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const mayImport = {
  core: [],
  'backend-simd': [],
  'mnist-data': [],
  viz: [],
  metrics: ['core'],
  gan: ['core'],
  // `core` again, since that is where gan and cgan alike take tfjs from.
  cgan: ['core', 'gan'],
  diffusion: ['core'],
  adversarial: ['core'],
};

/**
 * What a package may load while it runs, by `import()` alone: it works without it.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const mayLoad = { core: ['backend-simd'] };

/** Algorithms never touch the machine: the application picks the backend, reads the files, owns the process. */
export const algorithms = ['metrics', 'gan', 'cgan', 'diffusion', 'adversarial'];

/** These take tfjs from `@lab/core`, so that one copy of it is registered, once. */
export const tfjsThroughCore = algorithms;

/** These are usable without tfjs. */
export const withoutTfjs = ['mnist-data', 'viz'];

/**
 * The tests of a package may also run on a backend of ours, where the package computes at all.
 *
 * @param {string} name
 */
export const testsMayImport = (name) =>
  name === 'core' || mayImport[name]?.includes('core') ? [...(mayImport[name] ?? []), 'backend-simd'] : mayImport[name];
