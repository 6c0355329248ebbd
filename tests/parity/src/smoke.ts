import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { BackendName } from '@lab/core';
import { tasks } from '@lab/examples/src/tasks/registry.ts';

/** The tasks that compute with networks by a preset; `all` is five of them in turn. */
export const smokeTasks = tasks
  .filter(({ name, options }) => name !== 'all' && options.includes('preset') && options.includes('backend'))
  .map(({ name }) => name);

/** How a task's smoke preset ended. */
export interface Smoke {
  readonly seconds: number;
  /** What it said, unless it ended well, or that it took too long. */
  readonly failure?: string;
}

const cli = createRequire(import.meta.url).resolve('@lab/examples/src/cli.ts');

/**
 * Runs a task's smoke preset by the real command line.
 *
 * @param folder Where its run goes, in a folder named after it. A task on a trained GAN takes that of `gan`, which is trained
 * first if it isn't there.
 * @param seconds After which it is ended.
 */
export async function smoke(task: string, backend: BackendName, folder: string, seconds = 1800): Promise<Smoke> {
  const operands = tasks.find(({ name }) => name === task)?.operands === undefined ? [] : [join(folder, 'gan')];
  const [trained] = operands;
  if (trained !== undefined && !existsSync(trained)) await smoke('gan', backend, folder, seconds);
  const settings = ['--preset', 'smoke', '--backend', backend, '--out', join(folder, task), '--overwrite'];
  return run([task, ...operands, ...settings], seconds);
}

async function run(args: readonly string[], seconds: number): Promise<Smoke> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
  });
  const [[code, signal], said] = await Promise.all([
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    text(child.stderr),
  ]);
  const took = { seconds: (performance.now() - started) / 1000 };
  if (code === 0) return took;
  return { ...took, failure: signal === null ? said.trim() || `exit code ${code}` : `more than ${seconds} s` };
}
