import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { spawn, spawnSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FixtureWorkspace } from './fixture-workspace.ts';

let workspace: FixtureWorkspace;
beforeEach(async () => {
  workspace = await new FixtureWorkspace().install();
});
afterEach(() => workspace.remove());

/** The question `is everything installed?` asked by a process of its own. */
async function isInstalled() {
  const module = path.join(workspace.folder, 'scripts/runner/install.mjs');
  const { isInstalled: ask } = (await import(`${module}?${performance.now()}`)) as { isInstalled: () => boolean };
  return ask();
}

/** Nothing listens there. */
const deadRegistry = 'http://127.0.0.1:9/';
const offline = {
  npm_config_registry: deadRegistry,
  pnpm_config_registry: deadRegistry,
  npm_config_fetch_retries: '0',
  // As `npm run --silent` sets it.
  npm_config_loglevel: 'silent',
};

describe('an install', () => {
  it('is not repeated while nothing changed, so that the lab works offline', async () => {
    expect(await isInstalled()).toBe(true);
    const { status, stdout, stderr } = workspace.run(['lab', 'print', 'x'], offline);
    expect({ status, stdout, stderr: stderr.includes('installing') }).toEqual({
      status: 0,
      stdout: '["x"]\n',
      stderr: false,
    });
  });

  it('is not repeated for new file times', async () => {
    const later = new Date(Date.now() + 1e6);
    utimesSync(path.join(workspace.folder, 'pnpm-lock.yaml'), later, later);
    expect(await isInstalled()).toBe(true);
  });

  it.each([
    ['the lockfile', 'pnpm-lock.yaml', (text: string) => `${text}# changed\n`],
    [
      'a dependency',
      'packages/a/package.json',
      (text: string) => text.replace('"version"', '"dependencies":{"b":"1"},"version"'),
    ],
  ])('is repeated when %s changed', async (_, file, change) => {
    workspace.write(file, change(readFileSync(path.join(workspace.folder, file), 'utf8')));
    expect(await isInstalled()).toBe(false);
  });

  it('is not repeated when only a script changed', async () => {
    const text = readFileSync(path.join(workspace.folder, 'packages/a/package.json'), 'utf8');
    workspace.write('packages/a/package.json', text.replace('node build.js', 'node ./build.js'));
    expect(await isInstalled()).toBe(true);
  });

  it('says plainly that the registry could not be reached', () => {
    rmSync(path.join(workspace.folder, 'node_modules'), { recursive: true });
    const cache = path.join(workspace.folder, 'empty-cache');
    const { status, stderr, stdout } = workspace.run(['lab', 'print'], { ...offline, npm_config_cache: cache });
    expect(stderr).toContain('The npm registry could not be reached.');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  it('that fails is one failed test of npm test', () => {
    rmSync(path.join(workspace.folder, 'node_modules'), { recursive: true });
    const cache = path.join(workspace.folder, 'empty-cache');
    const { status, stdout } = workspace.run(['test'], { ...offline, npm_config_cache: cache });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '0 passed, 1 failed\n' });
  });
});

describe('Ctrl-C during a build', () => {
  it('ends all that the build started, and the next command builds', async () => {
    const started = path.join(workspace.folder, 'started');
    const endless = `import { writeFileSync } from 'node:fs';\nwriteFileSync('../started', String(process.pid));\nsetInterval(() => {}, 1000);\n`;
    workspace.write('examples/build.js', endless);
    workspace.write('examples/package.json', '{ "name": "@lab/examples", "scripts": { "build": "node build.js" } }');
    const script = path.join(workspace.folder, 'scripts/run.mjs');
    const child = spawn(process.execPath, [script, 'lab', 'print'], { cwd: workspace.folder });
    const ended = new Promise((resolve) => child.on('close', resolve));
    while (!existsSync(started)) await setTimeout(20);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(isRunning(Number(readFileSync(started, 'utf8')))).toBe(false);
    workspace.write('examples/build.js', '');
    expect(workspace.run(['lab', 'print', 'x']).stdout).toBe('["x"]\n');
  });
});

/** A process that has ended may be left as a zombie where nobody collects it. */
function isRunning(pid: number) {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

describe('two commands at once', () => {
  const lock = () => path.join(workspace.folder, '.turbo/prepare.lock');

  it('wait for each other', async () => {
    mkdirSync(path.dirname(lock()), { recursive: true });
    writeFileSync(lock(), 'another\n');
    const script = path.join(workspace.folder, 'scripts/run.mjs');
    const child = spawn(process.execPath, [script, 'lab', 'print', 'x'], { cwd: workspace.folder });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    await new Promise<void>((resolve) =>
      child.stderr.on('data', (text: Buffer) => text.includes('waiting') && resolve()),
    );
    await setTimeout(500);
    expect(stdout).toBe('');
    rmSync(lock());
    await new Promise((resolve) => child.on('close', resolve));
    expect(stdout).toBe('["x"]\n');
  });

  it('do not wait for one that was killed', () => {
    mkdirSync(path.dirname(lock()), { recursive: true });
    writeFileSync(lock(), 'gone\n');
    utimesSync(lock(), new Date(0), new Date(0));
    expect(workspace.run(['lab', 'print', 'x']).stdout).toBe('["x"]\n');
    expect(existsSync(lock())).toBe(false);
  });
});
