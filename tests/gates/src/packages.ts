import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../../..');

/** What the gates look at in a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly sideEffects?: boolean | readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly files?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly publishConfig?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A package that is to be published: a folder under packages/. */
export interface WorkspacePackage {
  readonly folder: string;
  readonly directory: string;
  readonly manifest: Manifest;
}

export function publishedPackages(): WorkspacePackage[] {
  return readdirSync(path.join(root, 'packages'))
    .map((folder) => ({ folder, directory: path.join(root, 'packages', folder) }))
    .filter(({ directory }) => existsSync(path.join(directory, 'package.json')))
    .map((found) => ({
      ...found,
      manifest: JSON.parse(readFileSync(path.join(found.directory, 'package.json'), 'utf8')) as Manifest,
    }));
}

/** The entries that a program imports, with the subpath as in `exports`: those that have types. */
export function codeEntries(manifest: Manifest) {
  return Object.entries(manifest.exports).flatMap(([subpath, target]) =>
    typeof target === 'object' ? [{ subpath, ...target }] : [],
  );
}

/**
 * Packs a package as `pnpm publish` would.
 * @returns the path of the tarball
 */
export function pack({ directory, folder }: WorkspacePackage, destination: string): string {
  const tarball = path.join(destination, `${folder}.tgz`);
  const pnpm = path.join(root, 'node_modules/.bin/pnpm');
  execFileSync(pnpm, ['pack', '--out', tarball], { cwd: directory, stdio: 'pipe' });
  return tarball;
}
