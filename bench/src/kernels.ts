import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { simdInfo } from '@lab/backend-simd';

const BACKENDS = ['simd', 'wasm', 'cpu'] as const;
const ROUNDS = 7;
const WINDOW_MS = 25;

type Backend = (typeof BACKENDS)[number];

/** Makes an operation's inputs, and returns the operation. */
type Setup = () => () => tf.Tensor;

const random = (...shape: number[]): tf.Tensor => tf.randomUniform(shape, 0.1, 2, 'float32', 1);
const matrix = (rows: number, columns: number) => random(rows, columns) as tf.Tensor2D;

function map(op: (x: tf.Tensor) => tf.Tensor): Setup {
  return () => {
    const x = random(128, 784);
    return () => op(x);
  };
}

/** What training of dense networks on pictures of 28 x 28 asks for, batch 128. */
const operations: Readonly<Record<string, Setup>> = {
  'matMul [128, 784] [784, 128]': () => {
    const [a, b] = [matrix(128, 784), matrix(784, 128)];
    return () => tf.matMul(a, b);
  },
  'matMul, first transposed': () => {
    const [a, b] = [matrix(128, 784), matrix(128, 128)];
    return () => tf.matMul(a, b, true, false);
  },
  'matMul, second transposed': () => {
    const [a, b] = [matrix(128, 128), matrix(784, 128)];
    return () => tf.matMul(a, b, false, true);
  },
  'matMul [32, 64, 64] [32, 64, 64]': () => {
    const [a, b] = [random(32, 64, 64), random(32, 64, 64)] as [tf.Tensor3D, tf.Tensor3D];
    return () => tf.matMul(a, b);
  },
  'fused matMul + bias + relu [128, 100] [100, 128]': () => {
    const [a, b, bias] = [matrix(128, 100), matrix(100, 128), random(128)];
    return () => tf.fused.matMul({ a, b, bias, activation: 'relu' });
  },
  'add [128, 784] [128, 784]': () => {
    const [a, b] = [random(128, 784), random(128, 784)];
    return () => tf.add(a, b);
  },
  'mul [128, 784] [784]': () => {
    const [a, b] = [random(128, 784), random(784)];
    return () => tf.mul(a, b);
  },
  'mul [128, 784] [128, 1]': () => {
    const [a, b] = [random(128, 784), random(128, 1)];
    return () => tf.mul(a, b);
  },
  'relu [128, 784]': map(tf.relu),
  'exp [128, 784]': map(tf.exp),
  'log [128, 784]': map(tf.log),
  'sigmoid [128, 784]': map(tf.sigmoid),
  'tanh [128, 784]': map(tf.tanh),
  'softplus [128, 784]': map(tf.softplus),
  'elu [128, 784]': map(tf.elu),
  'greater [128, 784]': map((x) => tf.greater(x, 1)),
  'sum of all [128, 784]': map((x) => tf.sum(x)),
  'mean over rows [128, 784]': map((x) => tf.mean(x, 0)),
  'max over columns [128, 784]': map((x) => tf.max(x, 1)),
  'softmax [128, 784]': map((x) => tf.softmax(x)),
  'transpose [128, 784]': map((x) => tf.transpose(x)),
  'concat 2 x [128, 784], axis 1': map((x) => tf.concat([x, x], 1)),
  'slice [128, 392] of [128, 784]': map((x) => tf.slice(x, [0, 100], [128, 392])),
  'pad [128, 784] to [128, 800]': map((x) => tf.pad(x as tf.Tensor2D, [[0, 0], [8, 8]])), // prettier-ignore
  'gather 128 rows of [128, 784]': () => {
    const [x, indices] = [random(128, 784), tf.range(0, 128, 1, 'int32')];
    return () => tf.gather(x, indices);
  },
  'unsortedSegmentSum [1280, 64], 10 segments': () => {
    const [x, ids] = [random(1280, 64), tf.cast(tf.mod(tf.range(0, 1280), 10), 'int32') as tf.Tensor1D];
    return () => tf.unsortedSegmentSum(x, ids, 10);
  },
};

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
  for (const [name, setup] of Object.entries(operations)) {
    const { simd, wasm, cpu } = await measure(setup);
    const figures = [...[simd, wasm, cpu].map(microseconds), ratio(wasm, simd), ratio(cpu, simd)];
    rows.push(`| ${name} | ${figures.join(' | ')} |`);
  }
  await tf.setBackend('simd');
  const machine = `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores; Node ${process.versions.node}`;
  return `${rows.join('\n')}\n\n${machine}; simd: ${simdInfo().reason}.\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(await compareKernels());
