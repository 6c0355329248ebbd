import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectClose } from './support/compare.ts';
import type { Values } from './support/evaluate.ts';
import { describeModes, startSimd, stopSimd } from './support/modes.ts';
import { threefry2x32 } from './support/threefry.ts';

interface ThreefryGolden {
  cases: { key: [number, number]; words: number[] }[];
  large: { key: [number, number]; count: number; sha256: string };
}

interface AdamGolden {
  options: { learningRate: number; beta1: number; beta2: number; epsilon: number };
  start: number[];
  target: number[];
  trace: [number[], number[], number[]][];
}

function golden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), 'utf8')) as T;
}

const threefry = golden<ThreefryGolden>('threefry');

function uniform([key0, key1]: [number, number], count: number): Float32Array {
  const attrs = { shape: [count], key0, key1, min: 0, max: 1 };
  return tf.tidy(() => (tf.engine().runKernel('ThreefryUniform', {}, attrs) as tf.Tensor).dataSync<'float32'>());
}

/** One step of Adam the way an optimiser takes it: the variable's and the slots' old tensors go, the new ones come. */
function adamStep(state: readonly tf.Variable[], target: tf.Tensor, attrs: object): void {
  tf.tidy(() => {
    const [param, m, v] = state as [tf.Variable, tf.Variable, tf.Variable];
    const inputs = { param, m, v, gradient: tf.sub(param, target) };
    const updated = tf.engine().runKernel('FusedAdam', inputs as never, attrs as never) as tf.Tensor[];
    state.forEach((variable, i) => variable.assign(updated[i] as tf.Tensor));
  });
}

function activationGrad(activation: string, y: tf.Tensor, dy: tf.Tensor): [tf.Tensor, tf.Tensor] {
  return tf.engine().runKernel('DenseActivationGrad', { y, dy }, { activation }) as [tf.Tensor, tf.Tensor];
}

describe('the reference for Threefry', () => {
  it.each(threefry.cases)('agrees with JAX: key $key', ({ key, words }) => {
    const half = Math.ceil(words.length / 2);
    const blocks = Array.from({ length: half }, (_, b) => threefry2x32(key, [b, 0]));
    expect([0, 1].flatMap((word) => blocks.map((block) => block[word])).slice(0, words.length)).toEqual(words);
  });
});

describeModes('kernels for training', ({ options }) => {
  beforeAll(async () => {
    await startSimd(options);
  });
  afterAll(stopSimd);

  it("has JAX's random bits", () => {
    for (const { key, words } of threefry.cases) {
      expect(Array.from(uniform(key, words.length))).toEqual(words.map((word) => (word >>> 8) * 2 ** -24));
    }
    const { key, count, sha256 } = threefry.large;
    expect(createHash('sha256').update(uniform(key, count)).digest('hex')).toBe(sha256);
  });

  it.each(golden<AdamGolden[]>('adam'))(
    'follows Adam of PyTorch in float64: $options',
    ({ options, start, target, trace }) => {
      const zeros = start.map(() => 0);
      const state = [start, zeros, zeros].map((values) => tf.variable(tf.tensor(values)));
      const goal = tf.tensor(target);
      const tensors = tf.memory().numTensors;
      trace.forEach((expected, i) => {
        adamStep(state, goal, { ...options, step: i + 1 });
        expected.forEach((values, slot) => {
          const actual: Values = { shape: [15], dtype: 'float32', values: state[slot]!.dataSync<'float32'>() };
          expectClose(actual, { ...actual, values: Float32Array.from(values) }, { ulps: 16, absolute: 4e-6 });
        });
      });
      expect(tf.memory().numTensors).toBe(tensors);
      tf.dispose([...state, goal]);
    },
  );

  it('takes no more memory for Adam than the variable and its moments, and spares what shares the memory', () => {
    const state = [1, 2, 3].map((value) => tf.variable(tf.fill([5], value)));
    const clone = tf.clone(state[0] as tf.Tensor);
    const view = tf.reshape(state[1] as tf.Tensor, [5, 1]);
    const target = tf.zeros([5]);
    for (let step = 1; step < 4; step++) {
      adamStep(state, target, { learningRate: 0.1, beta1: 0.9, beta2: 0.9, epsilon: 1e-8, step });
    }
    expect(Array.from(clone.dataSync())).toEqual([1, 1, 1, 1, 1]);
    expect(Array.from(view.dataSync())).toEqual([2, 2, 2, 2, 2]);
    expect(state[0]!.dataSync()[0]).not.toBe(1);
    tf.dispose([...state, clone, view, target]);
  });

  it('counts subnormal moments and gradients of Adam as zero, and lets NaN through', () => {
    const state = [1, 2 ** -121, 2 ** -121].map((value) => tf.tensor([value, value, value]));
    const gradient = tf.tensor([0, 2 ** -130, NaN]);
    const attrs = { learningRate: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 1 };
    tf.engine().runKernel('FusedAdamInPlace', [...state, gradient] as never, attrs);
    expect(state.map((x) => Array.from(x.dataSync()))).toEqual([
      [1, 1, NaN],
      [0, 0, NaN],
      [0, 0, NaN],
    ]);
    tf.dispose([state, gradient]);
  });

  it("gives no subnormal numbers as a product's sigmoid, and is accurate elsewhere", () => {
    const x = Float32Array.from({ length: 4096 }, (_, i) => (30 - i) / 30);
    const y = tf.tidy(() => {
      const product = { a: tf.tensor2d(x, [4096, 1]), b: tf.ones([1, 9]), transposeA: false, transposeB: false };
      const products = tf.fused.matMul({ ...product, activation: 'sigmoid' });
      return tf.slice(products, [0, 8]).dataSync<'float32'>();
    });
    expect(y.length).toBe(4096);
    y.forEach((value, i) => {
      const exact = 1 / (1 + Math.exp(-x[i]!));
      if (exact < 2 ** -126) expect(value).toBe(0);
      else expect(Math.abs(value - exact) / exact).toBeLessThan(2.5 * 2 ** -23);
    });
    expect(y[4095]).toBe(0);
    expect(y[2600]).toBeGreaterThan(0);
  });

  it('counts subnormal derivatives of a sigmoid as zero, and lets NaN through', () => {
    const [y, dy] = [
      tf.tensor2d([[2 ** -100, 2 ** -100, 0.5, NaN]]),
      tf.tensor2d([[2 ** -26, 2 ** -27, 2 ** -120, 1]]),
    ];
    const [dSum, dBias] = activationGrad('sigmoid', y, dy);
    const expected = [2 ** -126, 0, 2 ** -122, NaN];
    expect([...dSum!.dataSync()]).toEqual(expected);
    expect([...dBias!.dataSync()]).toEqual(expected);
    tf.dispose([y, dSum!, dBias!]);
  });

  it("counts subnormal derivatives of a dense layer's input as zero, and lets NaN through", () => {
    const run = (y: tf.Tensor, dSum: tf.Tensor, kernel: tf.Tensor) =>
      tf.engine().runKernel('DenseInputGrad', { dSum, kernel, y }, { activation: 'sigmoid' }) as tf.Tensor;
    tf.tidy(() => {
      const y = tf.tensor2d([[2 ** -100, 2 ** -100, 0.5, NaN]]);
      const kernel = tf.tensor2d([[2 ** -26], [2 ** -27], [2 ** -120], [1]]);
      const expected = [2 ** -126, 0, 2 ** -122, NaN];
      // As a product of vectors, and as one of matrices.
      expect([...run(y, tf.ones([1, 1]), kernel).dataSync()]).toEqual(expected);
      const padded = tf.pad(kernel, [
        [0, 0],
        [0, 1],
      ]);
      expect([...run(y, tf.ones([1, 2]), padded).dataSync()]).toEqual(expected);
    });
  });

  it("counts numbers under 2^-80 in a dense layer's input as zero in its weights' derivatives, and lets NaN through", () => {
    tf.tidy(() => {
      const row = tf.tensor2d([1, 2 ** -80, -(2 ** -81), 2 ** -130, NaN, -3, 2 ** -100], [1, 7]);
      const x = tf.tile(row, [4, 1]);
      const dSum = tf.ones([4, 9]);
      const [dKernel] = tf.engine().runKernel('DenseWeightGrad', { x, dSum }) as [tf.Tensor];
      expect([...tf.slice(dKernel, [0, 3], [7, 1]).dataSync()]).toEqual([4, 2 ** -78, 0, 0, NaN, -12, 0]);
    });
  });

  it('takes Adam steps with variables made on another backend', async () => {
    const results: number[][] = [];
    for (const backend of ['simd', 'cpu']) {
      await tf.setBackend(backend);
      const state = tf.tidy(() => [1, 0, 0].map((value) => tf.variable(tf.fill([5], value))));
      const clone = tf.clone(state[1] as tf.Tensor);
      await tf.setBackend('simd');
      const target = tf.zeros([5]);
      for (let step = 1; step < 4; step++) {
        adamStep(state, target, { learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step });
        // Whatever was freed too early is written over.
        tf.tidy(() => [1, 2, 3, 4].forEach((value) => tf.fill([5], value)));
      }
      results.push([...state, clone].flatMap((tensor) => Array.from(tensor.dataSync())));
      tf.dispose([...state, clone, target]);
    }
    expect(results[1]).toEqual(results[0]);
  });

  it.each(['relu', 'sigmoid'] as const)("differentiates a dense layer's %s as tfjs's tape does", (activation) => {
    const x = tf.randomNormal<tf.Rank.R2>([33, 21], 0, 1, 'float32', 1);
    const bias = tf.randomNormal([21], 0, 1, 'float32', 2);
    const dy = tf.randomNormal([33, 21], 0, 1, 'float32', 3);
    const act = (v: tf.Tensor) => (activation === 'relu' ? tf.relu(v) : tf.sigmoid(v));
    const [dx, db] = tf.grads((x, bias) => act(tf.add(x as tf.Tensor, bias as tf.Tensor)))([x, bias], dy);
    const [dSum, dBias] = activationGrad(activation, act(tf.add(x, bias)), dy);
    for (const [actual, expected] of [
      [dSum, dx],
      [dBias, db],
    ] as [tf.Tensor, tf.Tensor][]) {
      const values = (t: tf.Tensor) => ({ shape: t.shape, dtype: 'float32' as const, values: t.dataSync<'float32'>() });
      expectClose(values(actual), values(expected), { ulps: 4, absolute: 1e-6 });
    }
    tf.disposeVariables();
  });
});
