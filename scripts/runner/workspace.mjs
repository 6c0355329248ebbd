import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlainError } from './plain-error.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** @param {string} relative */
export const read = (relative) => readFileSync(path.join(root, relative), 'utf8');

/** The `packages:` list of pnpm-workspace.yaml: plain folders and `folder/*`, which is all that we use. */
function patterns() {
  const list = /^packages:\n((?: +- .+\n)+)/m.exec(read('pnpm-workspace.yaml').replaceAll('\r\n', '\n'))?.[1];
  if (!list) throw new PlainError('pnpm-workspace.yaml: expected a list under "packages:".');
  return [...list.matchAll(/- +['"]?([^'"\s]+)['"]?/g)].map((match) => match[1] ?? '');
}

/** @param {string} pattern */
function foldersOf(pattern) {
  if (!pattern.endsWith('/*')) return [pattern];
  const parent = pattern.slice(0, -2);
  if (!existsSync(path.join(root, parent))) return [];
  return readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}`);
}

/**
 * Every package of the workspace.
 * @returns {{ name: string, folder: string, manifest: Record<string, any> }[]} folder: relative to the root, with `/`
 */
export function workspacePackages() {
  return patterns()
    .flatMap(foldersOf)
    .filter((folder) => existsSync(path.join(root, folder, 'package.json')))
    .sort()
    .map((folder) => {
      const manifest = JSON.parse(read(`${folder}/package.json`));
      return { name: manifest.name, folder, manifest };
    });
}

/**
 * The workspaces a `--filter` means: by package name, by folder, or by the folder's last part.
 * @param {string[]} filters
 */
export function selectWorkspaces(filters) {
  const all = workspacePackages();
  return filters.map((filter) => {
    const wanted = filter.replace(/^\.\//, '').replace(/\/$/, '');
    const found = all.find(({ name, folder }) => [name, folder, path.posix.basename(folder)].includes(wanted));
    if (found) return found;
    const valid = all.map(({ folder }) => folder).join(', ');
    throw new PlainError(`--filter: no workspace is called '${filter}'. Valid: ${valid}.`, 2);
  });
}
