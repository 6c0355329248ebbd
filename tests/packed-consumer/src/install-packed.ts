import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pack, publishedPackages, root } from '@lab/gates/packages';

/** npm as a user runs it: without what the npm or pnpm that started us has put into the environment. */
function userEnvironment() {
  const own =
    /^(npm_(package|lifecycle|command|execpath|node_execpath)|npm_config_(local_prefix|global_prefix|loglevel)|pnpm_|INIT_CWD)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

function npm(args: string[], cwd: string) {
  const env = { ...userEnvironment(), npm_config_loglevel: 'error' };
  const shell = process.platform === 'win32';
  return execFileSync('npm', args, { cwd, env, shell, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export function registryAnswers(): boolean {
  try {
    npm(['view', '@tensorflow/tfjs-core', 'version', '--fetch-retries=0', '--fetch-timeout=15000'], root);
    return true;
  } catch {
    return false;
  }
}

/** The version of a tool or peer that the workspace itself uses. */
function versionInUse(name: string, from: string) {
  const file = path.join(root, from, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

const tfjs = ['core', 'layers', 'backend-cpu'].map((part) => `@tensorflow/tfjs-${part}`);

/**
 * Makes a project in `folder` that depends on the packed packages, tfjs and TypeScript, and installs it with npm.
 * @returns its folder
 */
export function installPacked(folder: string): string {
  const project = path.join(folder, 'project');
  const tarballs = path.join(folder, 'tarballs');
  cpSync(path.join(import.meta.dirname, '../consumer'), project, { recursive: true });
  mkdirSync(tarballs);
  const ours = publishedPackages().map((found) => [found.manifest.name, `file:${pack(found, tarballs)}`]);
  const peers = tfjs.map((name) => [name, versionInUse(name, 'packages/core')]);
  const tools = ['typescript', '@types/node'].map((name) => [name, versionInUse(name, '.')]);
  const dependencies = Object.fromEntries([...ours, ...peers, ...tools]) as Record<string, string>;
  writeFileSync(path.join(project, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--prefix', project], project);
  return project;
}
