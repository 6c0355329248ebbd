import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PlainError } from './plain-error.mjs';
import { step } from './step.mjs';
import { read, root, workspacePackages } from './workspace.mjs';

const stamp = path.join(root, 'node_modules', '.lab-installed');

/** The parts of a package.json that say what has to be installed. */
const installFields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'packageManager'];

/**
 * Changes whenever an install would do something: by content, since a checkout touches the times of files that stay equal.
 */
function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(read(file));
  const manifests = [{ folder: '.', manifest: JSON.parse(read('package.json')) }, ...workspacePackages()];
  for (const { folder, manifest } of manifests) {
    hash.update(JSON.stringify([folder, installFields.map((field) => manifest[field] ?? null)]));
  }
  return hash.digest('hex');
}

function everyPackageHasItsModules() {
  return workspacePackages().every(
    ({ folder, manifest }) =>
      Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length === 0 ||
      existsSync(path.join(root, folder, 'node_modules')),
  );
}

export function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint() && everyPackageHasItsModules();
}

/** Says that node_modules holds what the files name now. */
export function markInstalled() {
  writeFileSync(stamp, fingerprint());
}

/** npm as the one that runs us, else as found on PATH: `npm.cmd` cannot be started without a shell on Windows. */
function npmCommand() {
  const npm = process.env['npm_execpath'];
  if (npm && path.basename(npm) === 'npm-cli.js') return { file: process.execPath, before: [npm], shell: false };
  return { file: 'npm', before: [], shell: process.platform === 'win32' };
}

/** pnpm from node_modules if an earlier install left the right one (so that it works offline), else through npm. */
function pnpmCommand() {
  const wanted = JSON.parse(read('package.json')).packageManager;
  const local = path.join(root, 'node_modules', 'pnpm', 'package.json');
  const found = existsSync(local) ? `pnpm@${JSON.parse(readFileSync(local, 'utf8')).version}` : undefined;
  const bin = path.join(root, 'node_modules', '.bin', 'pnpm');
  if (found === wanted && process.platform !== 'win32' && existsSync(bin))
    return { file: bin, before: [], shell: false };
  const { file, before, shell } = npmCommand();
  return { file, before: [...before, 'exec', '--yes', '--prefer-offline', '--', wanted], shell };
}

const networkTrouble =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|META_FETCH|dns error|error sending request|NO_OFFLINE/i;

/** @param {string} output */
function explain(output) {
  if (/OUTDATED_LOCKFILE|frozen-lockfile.*(not up to date|outdated)/is.test(output)) {
    return 'pnpm-lock.yaml does not match the package.json files. Run `npx pnpm install` and commit the lockfile.';
  }
  if (/ENOSPC|no space left/i.test(output))
    return 'The disk is full. Make room (about 1 GB) and run the command again.';
  if (/EACCES|EROFS|permission denied|read-only file system/i.test(output)) {
    return `A file could not be written under ${root} or in the package manager's cache. Check their permissions.`;
  }
  if (networkTrouble.test(output)) {
    return 'The npm registry could not be reached. Connect to the network (or set the proxy or registry for npm) and run the command again; once installed, the lab works offline.';
  }
  return 'Installing failed; see above.';
}

function installEnvironment() {
  return {
    // Without it, pnpm would ask before it replaces a node_modules of another kind.
    CI: 'true',
    // `npm run --silent` would silence the npm that we start, and with it the reason of a failure.
    npm_config_loglevel: 'error',
    // npm waits up to a minute between tries.
    npm_config_fetch_retry_maxtimeout: process.env['npm_config_fetch_retry_maxtimeout'] ?? '10000',
  };
}

/** Installs what pnpm-lock.yaml names, if that has not been done yet. */
export async function install() {
  if (isInstalled()) return;
  const { file, before, shell } = pnpmCommand();
  const result = await step('installing', file, [...before, 'install', '--frozen-lockfile', '--reporter=append-only'], {
    shell,
    env: installEnvironment(),
  });
  if (result.code !== 0) throw new PlainError(explain(result.output));
  markInstalled();
}
