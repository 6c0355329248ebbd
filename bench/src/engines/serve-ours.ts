// What the engines of ours share. Arguments: the name of a backend of core's, or `wasm` for tfjs's; --threads N; --plain (no
// relaxed SIMD); --profile, which prints where the time goes instead of serving windows.

import { parseArgs } from 'node:util';
import { formatProfile, measurePeak, profile } from '@lab/backend-simd';
import { type BackendName, tf, useBackend } from '@lab/core';
import { describeWork, workOf } from '../work.ts';
import { serveWindows } from '../window-server.ts';

const PROFILED_MS = 1500;
const PROFILED_ROWS = 24;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: 'string' },
    plain: { type: 'boolean', default: false },
    forward: { type: 'boolean', default: false },
    dark: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
});

/** Makes the backend that the arguments name tfjs's current one. */
export async function startBackend(): Promise<void> {
  const [name = 'auto'] = positionals;
  if (name === 'wasm') {
    await import('@tensorflow/tfjs-backend-wasm');
    await tf.setBackend(name);
    return;
  }
  await useBackend(name as BackendName | 'auto', {
    ...(values.threads === undefined ? {} : { threads: Number(values.threads) }),
    ...(values.plain ? { relaxed: false } : {}),
  });
}

/** Warms the step up, and then times it as it is asked to. */
export async function serveOurs(step: () => void, { warmUp }: { readonly warmUp: number }): Promise<void> {
  for (let i = 0; i < warmUp; i++) step();
  const start = performance.now();
  const { kernels } = await tf.profile(step);
  const runs = Math.max(3, Math.round(PROFILED_MS / (performance.now() - start)));
  if (values.profile) return printProfile(step, runs);
  const versions = { 'tfjs-core': tf.version_core };
  const work = tf.getBackend() === 'simd' ? workOf(await profile(step, { runs }), measurePeak()) : undefined;
  await serveWindows(step, () => tf.nextFrame(), { kernelsPerStep: kernels.length, versions, ...(work && { work }) });
}

async function printProfile(step: () => void, runs: number): Promise<void> {
  const byKernel = await profile(step, { runs });
  const byShapes = await profile(step, { runs, by: 'shapes' });
  const work = workOf(byKernel, measurePeak());
  process.stdout.write(
    `${formatProfile(byKernel)}\n${formatProfile(byShapes, PROFILED_ROWS)}\n${describeWork(work, byKernel.ms / runs)}\n`,
  );
}
