import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '@lab/gates/packages';
import type { Registry } from './registry.ts';
import { run } from './run.ts';

/** The version of a tool or peer that the workspace itself uses. */
export function inUse(name: string, from = '.'): string {
  const file = path.join(root, from, 'node_modules', name, 'package.json');
  const used = JSON.parse(readFileSync(file, 'utf8')) as { readonly name: string; readonly version: string };
  return used.name === name ? `${name}@${used.version}` : `${name}@npm:${used.name}@${used.version}`;
}

/** Whether the registry of this machine's npm answers: what others have published comes from there. */
export async function registryAnswers(): Promise<boolean> {
  const args = ['view', '@tensorflow/tfjs-core', 'version', '--fetch-retries=0', '--fetch-timeout=15000'];
  return run('npm', args, root).then(
    () => true,
    () => false,
  );
}

const commands = {
  npm: ['npm', 'install', '--no-audit', '--no-fund', '--save-exact'],
  pnpm: [path.join(root, 'node_modules/.bin/pnpm'), 'add', '--save-exact'],
} as const;

/** An empty project outside the workspace, with the files of ../project, that has installed `names`. */
export async function install(
  folder: string,
  manager: keyof typeof commands,
  names: readonly string[],
  { npmrc }: Registry,
) {
  cpSync(path.join(import.meta.dirname, '../project'), folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  writeFileSync(path.join(folder, '.npmrc'), npmrc);
  const [command, ...args] = commands[manager];
  await run(command, [...args, ...names], folder);
}

/** What npm's lockfile says was installed of a package. */
export function locked(folder: string, name: string): { integrity?: string; link?: boolean } | undefined {
  const { packages } = JSON.parse(readFileSync(path.join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string; link?: boolean }>;
  };
  return packages[`node_modules/${name}`];
}
