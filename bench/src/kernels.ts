import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { simdInfo } from '@lab/backend-simd';
import { denseOperations, type Setup } from './dense-operations.ts';
import { pictureOperations } from './picture-operations.ts';

const BACKENDS = ['simd', 'wasm', 'cpu'] as const;
const ROUNDS = 7;
const WINDOW_MS = 25;

type Backend = (typeof BACKENDS)[number];

/** Microseconds a call, the best of some windows; undefined where the backend lacks the kernel. */
async function measure(setup: Setup): Promise<Record<Backend, number | undefined>> {
  const best: Record<Backend, number | undefined> = { simd: undefined, wasm: undefined, cpu: undefined };
  const runs = new Map<Backend, { run: () => tf.Tensor; count: number }>();
  for (const backend of BACKENDS) {
    await tf.setBackend(backend);
    const run = setup();
    try {
      for (let i = 0; i < 3; i++) run().dispose();
    } catch {
      continue; // the kernel is missing
    }
    runs.set(backend, { run, count: Math.max(1, Math.round(WINDOW_MS / time(run, 3))) });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [backend, { run, count }] of runs) {
      await tf.setBackend(backend);
      best[backend] = Math.min(best[backend] ?? Infinity, time(run, count) * 1000);
    }
  }
  tf.disposeVariables();
  return best;
}

/** Milliseconds a call. */
function time(run: () => tf.Tensor, count: number): number {
  const start = performance.now();
  for (let i = 0; i < count; i++) run().dispose();
  return (performance.now() - start) / count;
}

const microseconds = (us: number | undefined) => (us === undefined ? '-' : us < 100 ? us.toFixed(1) : us.toFixed(0));

function ratio(other: number | undefined, ours: number | undefined): string {
  if (other === undefined || ours === undefined) return '-';
  return `${(other / ours).toFixed(other / ours < 10 ? 1 : 0)} x`;
}

/** Times single operations on simd, tfjs's wasm and tfjs's cpu backend; the result is a Markdown table. */
export async function compareKernels(): Promise<string> {
  const rows = ['| operation | simd, µs | wasm, µs | cpu, µs | simd against wasm | simd against cpu |'];
  rows.push('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const [name, setup] of Object.entries({ ...denseOperations, ...pictureOperations })) {
    const { simd, wasm, cpu } = await measure(setup);
    const figures = [...[simd, wasm, cpu].map(microseconds), ratio(wasm, simd), ratio(cpu, simd)];
    rows.push(`| ${name} | ${figures.join(' | ')} |`);
  }
  await tf.setBackend('simd');
  const machine = `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores; Node ${process.versions.node}`;
  return `${rows.join('\n')}\n\n${machine}; simd: ${simdInfo().reason}.\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(await compareKernels());
