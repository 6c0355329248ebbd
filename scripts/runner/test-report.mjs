import { PlainError } from './plain-error.mjs';

/**
 * Takes every `--filter NAME` (and `--filter=NAME`) out; the rest is for vitest.
 * @param {string[]} args
 */
export function splitFilters(args) {
  /** @type {string[]} */
  const filters = [];
  /** @type {string[]} */
  const rest = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? '';
    if (argument.startsWith('--filter=')) filters.push(argument.slice('--filter='.length));
    else if (argument !== '--filter') rest.push(argument);
    else {
      const name = args[++index];
      if (name === undefined) throw new PlainError('--filter: expected the name of a workspace after it.', 2);
      filters.push(name);
    }
  }
  return { filters, rest };
}

/** @param {{ passed: number, failed: number, skipped: number }} counts */
export function summary({ passed, failed, skipped }) {
  const line = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}
