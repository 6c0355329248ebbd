import path from 'node:path';
import { workspaceNode } from './node-version.mjs';
import { root } from './workspace.mjs';

/** The tools' own JavaScript files: started with our Node, they need no shell and no `.cmd` shim. */
const entries = {
  eslint: 'eslint/bin/eslint.js',
  prettier: 'prettier/bin/prettier.cjs',
  turbo: 'turbo/bin/turbo',
  vitest: 'vitest/vitest.mjs',
};

/**
 * File and first argument that start a tool.
 * @param {keyof typeof entries} name
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
export function tool(name, args) {
  return [workspaceNode(), [path.join(root, 'node_modules', entries[name]), ...args]];
}

/** The environment of every child: the workspace's tools come first on PATH. */
export function toolEnvironment() {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const first = [path.join(root, 'node_modules', '.bin')];
  if (process.env['LAB_NODE'] === 'system') first.unshift(path.dirname(process.execPath));
  return {
    ...process.env,
    [key]: [...first, process.env[key]].join(path.delimiter),
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    DO_NOT_TRACK: '1',
  };
}
