import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPacked, registryAnswers } from '../src/install-packed.ts';

const reachable = registryAnswers();
const title = `a project that installed the packed packages${reachable ? '' : ' (skipped: the npm registry does not answer)'}`;

interface Outcome {
  readonly backend: string;
  readonly dLosses: readonly number[];
  readonly restored: boolean;
  readonly pngBytes: number;
  readonly resolved: readonly string[];
}

/** Other packages' declarations are checked too, for ours build on them; but their own errors are theirs. */
const isOurs = (error: string) => !error.startsWith('node_modules/') || error.startsWith('node_modules/@lab/');

describe.skipIf(!reachable)(title, () => {
  const temporary = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'lab-consumer-')));
  let project: string;

  beforeAll(() => {
    project = installPacked(temporary);
  }, 600_000);
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  /** Without NODE_PATH and the like: nothing but the project's own folder may be found. */
  function node(...args: string[]) {
    const env = { HOME: os.homedir(), PATH: process.env['PATH'] };
    return spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8', env });
  }

  it.each(['simd', 'cpu'])('trains three steps on %s and resolves nothing from the workspace', (backend) => {
    const { stdout, stderr, status } = node('--disable-warning=ExperimentalWarning', 'train.ts', backend);
    expect(status, stderr).toBe(0);
    const outcome = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Outcome;
    expect(outcome).toMatchObject({ backend, restored: true });
    expect(outcome.dLosses).toHaveLength(3);
    expect(outcome.dLosses.every((loss) => Number.isFinite(loss) && loss > 0)).toBe(true);
    expect(outcome.pngBytes).toBeGreaterThan(100);
    const inside = pathToFileURL(project).href;
    expect(outcome.resolved.filter((url) => !url.startsWith(inside))).toEqual([]);
  });

  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('typechecks strictly with module %s and moduleResolution %s', (module, moduleResolution) => {
    const tsc = path.join(project, 'node_modules/typescript/bin/tsc');
    const { stdout } = node(tsc, '--module', module, '--moduleResolution', moduleResolution, '--pretty', 'false');
    const errors = stdout.split('\n').filter((line) => line.includes('error TS'));
    expect(errors.filter(isOurs)).toEqual([]);
  });
});
