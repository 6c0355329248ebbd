import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

const command = `export {};
const [mode, ...rest] = process.argv.slice(2);
if (mode === 'print') console.log(JSON.stringify(rest));
if (mode === 'exit') process.exit(Number(rest[0]));
if (mode === 'die') process.kill(process.pid, 'SIGKILL');
if (mode === 'cwd') console.log(process.cwd());
if (mode === 'versions') console.log(JSON.stringify([process.versions.node, process.env.TURBO_TELEMETRY_DISABLED]));
if (mode === 'wait') {
  let interrupts = 0;
  process.on('SIGINT', () => console.log('interrupts ' + ++interrupts));
  process.on('SIGUSR2', () => process.exit(5));
  setInterval(() => {}, 1000);
  console.log('ready ' + process.pid);
}
`;

const files: Record<string, string> = {
  'package.json': JSON.stringify({
    name: 'fixture',
    private: true,
    type: 'module',
    packageManager: 'pnpm@12.21.0',
    scripts: { lab: 'node scripts/run.mjs lab', test: 'node scripts/run.mjs test' },
  }),
  'pnpm-workspace.yaml': 'packages:\n  - packages/*\n  - examples\n\npmOnFail: ignore\n',
  'pnpm-lock.yaml': "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n\n  examples: {}\n\n  packages/a: {}\n",
  'turbo.json': '{ "tasks": { "build": { "dependsOn": ["^build"], "outputs": ["dist/**"] }, "typecheck": {} } }\n',
  'eslint.config.js': 'export default [];\n',
  'vitest.config.ts': `export default { test: { projects: ['packages/*'] } };\n`,
  '.gitignore': 'node_modules/\n.turbo/\n',
  '.prettierignore': '*\n',
  'examples/package.json': '{ "name": "@lab/examples", "version": "0.0.0", "private": true, "type": "module" }\n',
  'examples/src/cli.ts': command,
  'packages/a/package.json': JSON.stringify({
    name: '@lab/a',
    version: '0.0.0',
    type: 'module',
    scripts: { build: 'node build.js' },
  }),
  'packages/a/build.js': `import { mkdirSync } from 'node:fs';\nmkdirSync('dist', { recursive: true });\n`,
};

/** A small workspace in a temporary folder, with our real scripts and the real tools. */
export class FixtureWorkspace {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'lab-workspace-'));

  constructor() {
    for (const [file, text] of Object.entries(files)) this.write(file, text);
    cpSync(path.join(root, 'scripts'), path.join(this.folder, 'scripts'), { recursive: true });
  }

  write(file: string, text: string) {
    mkdirSync(path.dirname(path.join(this.folder, file)), { recursive: true });
    writeFileSync(path.join(this.folder, file), text);
  }

  /** Makes the workspace look as it does after an install: node_modules with every tool in it. */
  async install() {
    const modules = path.join(this.folder, 'node_modules');
    mkdirSync(modules, { recursive: true });
    for (const name of readdirSync(path.join(root, 'node_modules'))) {
      if (name.startsWith('.') && name !== '.bin') continue;
      symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name));
    }
    const { markInstalled } = (await import(path.join(this.folder, 'scripts/runner/install.mjs'))) as {
      markInstalled: () => void;
    };
    markInstalled();
    return this;
  }

  /** Runs scripts/run.mjs to its end. */
  run(args: string[], env: Record<string, string> = {}, cwd = this.folder) {
    const script = path.join(this.folder, 'scripts/run.mjs');
    return spawnSync(process.execPath, [script, ...args], { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
  }

  /** Starts scripts/run.mjs with a task that counts interrupts and ends on SIGUSR2; resolves once the task is ready. */
  async startWaiting() {
    const script = path.join(this.folder, 'scripts/run.mjs');
    const child = spawn(process.execPath, [script, 'lab', 'wait'], { cwd: this.folder });
    const ended = new Promise<{ code: number | null; signal: string | null; output: string }>((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal, output }));
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const shows = (text: string) =>
      new Promise<void>((resolve) => {
        const look = () => output.includes(text) && resolve();
        child.stdout.on('data', look);
        look();
      });
    await shows('ready');
    const taskPid = Number(/ready (\d+)/.exec(output)?.[1]);
    return { child, ended, shows, finish: () => process.kill(taskPid, 'SIGUSR2') };
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
