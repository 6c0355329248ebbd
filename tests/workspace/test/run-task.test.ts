import { spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FixtureWorkspace } from './fixture-workspace.ts';

const workspace = new FixtureWorkspace();
beforeAll(() => workspace.install());
afterAll(() => workspace.remove());

const awkward = [
  '',
  ' ',
  'a b',
  "it's",
  '"quoted"',
  '$HOME',
  '*',
  '--',
  '--json',
  '-x=1',
  'é\n',
  '\\',
  '; exit 3',
  '%PATH%',
];

describe('npm run lab', () => {
  it('hands arguments on as they are, and prints nothing of its own on stdout', () => {
    const { stdout, status } = workspace.run(['lab', 'print', ...awkward]);
    expect(JSON.parse(stdout)).toEqual(awkward);
    expect(status).toBe(0);
  });

  it('does so through npm', () => {
    const args = ['run', '--silent', 'lab', '--', 'print', ...awkward];
    const { stdout } = spawnSync('npm', args, { cwd: workspace.folder, encoding: 'utf8' });
    expect(JSON.parse(stdout)).toEqual(awkward);
  });

  it.each([0, 1, 2, 37, 130])('ends with exit code %i as the task does', (code) => {
    expect(workspace.run(['lab', 'exit', String(code)]).status).toBe(code);
  });

  it('ends by the signal that ended the task', () => {
    expect(workspace.run(['lab', 'die']).signal).toBe('SIGKILL');
  });

  it('leaves the working folder as it is', () => {
    expect(workspace.run(['lab', 'cwd'], {}, '/').stdout).toBe('/\n');
  });

  it('runs on the pinned Node, or on the current one with LAB_NODE=system, without telemetry', () => {
    const [pinned, telemetry] = JSON.parse(workspace.run(['lab', 'versions'], { LAB_NODE: '' }).stdout) as string[];
    expect(pinned).toMatch(/^22\./);
    expect(telemetry).toBe('1');
    const [current] = JSON.parse(workspace.run(['lab', 'versions'], { LAB_NODE: 'system' }).stdout) as string[];
    expect(current).toBe(process.versions.node);
  });

  it('shows what the build printed when it fails, and does not start the task', () => {
    const broken = new FixtureWorkspace();
    broken.write('examples/package.json', '{ "name": "@lab/examples", "scripts": { "build": "node nowhere.js" } }');
    return broken.install().then(() => {
      const { status, stdout, stderr } = broken.run(['lab', 'print']);
      expect(stderr).toContain('nowhere.js');
      expect(stderr).toContain('The packages did not build');
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      broken.remove();
    });
  });

  it('names the valid commands for one it does not know', () => {
    const { status, stderr } = workspace.run(['lba']);
    expect(stderr).toContain("unknown command 'lba'");
    expect(status).toBe(2);
  });
});

describe('Ctrl-C', () => {
  it('reaches the task once, though the terminal and npm both send it, and the task ends by itself', async () => {
    const { child, ended, shows, finish } = await workspace.startWaiting();
    child.kill('SIGINT');
    await wait(10);
    child.kill('SIGINT');
    await shows('interrupts 1');
    // Time for a second one to arrive, if there were one.
    await wait(200);
    finish();
    const { code, output } = await ended;
    expect(output).not.toContain('interrupts 2');
    expect(code).toBe(5);
  });

  it('reaches the task twice when pressed twice', async () => {
    const { child, ended, shows, finish } = await workspace.startWaiting();
    child.kill('SIGINT');
    await shows('interrupts 1');
    await wait(400);
    child.kill('SIGINT');
    await shows('interrupts 2');
    finish();
    expect((await ended).code).toBe(5);
  });

  it('is sent to a task whose starter was killed outright', async () => {
    const { child, shows, finish, ended } = await workspace.startWaiting();
    child.kill('SIGKILL');
    await shows('interrupts 1');
    finish();
    expect((await ended).signal).toBe('SIGKILL');
  });

  it('ends the task by SIGTERM where it does not handle that', async () => {
    const { child, ended } = await workspace.startWaiting();
    child.kill('SIGTERM');
    expect((await ended).signal).toBe('SIGTERM');
  });
});
