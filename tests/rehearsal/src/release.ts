import { appendFileSync, cpSync, existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { root } from '@lab/gates/packages';
import type { Registry } from './registry.ts';
import { run } from './run.ts';

export interface ReleaseOptions {
  /** Whether the copy is built anew, as the release workflow does; else it takes over what was built here. */
  readonly build: boolean;
}

/** What the release workflow knows of itself. */
const workflow = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'somebody/lab' };

/**
 * Releases a copy of this repository by the commands of .github/workflows/release.yml: raises the versions, then publishes.
 * @param folder an empty one, for the copy
 */
export async function release(folder: string, registry: Registry, { build }: ReleaseOptions): Promise<void> {
  await copyRepository(folder, !build);
  appendFileSync(path.join(folder, '.npmrc'), registry.npmrc);
  const PATH = `${path.join(folder, 'node_modules/.bin')}${path.delimiter}${process.env['PATH'] ?? ''}`;
  const env = { ...workflow, PATH, TURBO_TELEMETRY_DISABLED: '1' };
  const pnpm = path.join(root, 'node_modules/.bin/pnpm');
  await run(pnpm, ['install', '--frozen-lockfile', '--prefer-offline'], folder, env);
  await run(pnpm, ['run', 'version-packages'], folder, env);
  if (build) return void (await run(pnpm, ['run', 'release'], folder, env));
  await run('node', ['scripts/set-repository.mjs'], folder, env);
  await run('changeset', ['publish'], folder, env);
}

/** The files of this repository as they are now, committed or not, as the first commit of a repository of its own. */
async function copyRepository(folder: string, withBuild: boolean): Promise<void> {
  const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], root);
  const built = withBuild ? globSync(['packages/*/dist', 'packages/*/data'], { cwd: root }) : [];
  for (const name of [...listed.split('\0').filter(Boolean), ...built]) {
    const source = path.join(root, name);
    // A file that was deleted is still listed until that is committed.
    if (existsSync(source)) cpSync(source, path.join(folder, name), { recursive: true });
  }
  await run('git', ['init', '--quiet', '--initial-branch=main'], folder);
  await run('git', ['add', '--all'], folder);
  const author = ['-c', 'user.name=rehearsal', '-c', 'user.email=rehearsal@example.com', '-c', 'commit.gpgsign=false'];
  await run('git', [...author, 'commit', '--quiet', '--no-verify', '--message=chore: rehearse'], folder);
}
