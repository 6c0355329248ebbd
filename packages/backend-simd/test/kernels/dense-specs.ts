import fc from 'fast-check';
import { expectClose, type Tolerance } from '../support/compare.ts';
import type { KernelCall, Values } from '../support/evaluate.ts';
import { floats, seeds } from '../support/samples.ts';
import { input, type KernelSpec } from './kernel-spec.ts';

type Activation = 'relu' | 'sigmoid' | 'linear';

const activations = fc.constantFrom<Activation>('relu', 'sigmoid', 'linear');

/** An activation, and its derivative where its value is y. */
const functions: Record<Activation, { act: (x: number) => number; slope: (y: number) => number }> = {
  relu: { act: (x) => Math.max(x, 0), slope: (y) => Number(y > 0) },
  sigmoid: { act: (x) => 1 / (1 + Math.exp(-x)), slope: (y) => y * (1 - y) },
  linear: { act: (x) => x, slope: () => 1 },
};

interface Layer {
  readonly rows: number;
  readonly k: number;
  readonly n: number;
  readonly seed: number;
}

const layers = fc.record({
  rows: fc.integer({ min: 0, max: 40 }),
  k: fc.integer({ min: 0, max: 40 }),
  n: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 70 })),
  seed: seeds,
});

/** Chosen by size: rows enough for each thread to pack for itself and too few, batches past 1024, vectors. */
const large: readonly Layer[] = [
  { rows: 128, k: 784, n: 128, seed: 1 },
  { rows: 256, k: 100, n: 131, seed: 2 },
  { rows: 18, k: 301, n: 203, seed: 3 },
  { rows: 2100, k: 65, n: 37, seed: 4 },
  { rows: 300, k: 130, n: 1, seed: 5 },
  { rows: 2, k: 700, n: 300, seed: 6 },
];

/** The same numbers as the output of an activation. */
function activated(x: Values, activation: Activation): Values {
  return { ...x, values: (x.values as Float32Array).map(functions[activation].act) };
}

/** `x`, in two halves if its rows are even and that is wanted. */
function rowsOf({ rows, k, seed }: Layer, halved: boolean): Record<string, Values> {
  const x = floats([rows, k], seed);
  if (!halved || rows % 2 === 1) return { x };
  const half = (rows * k) / 2;
  const part = (from: number, to: number) => ({ ...x, shape: [rows / 2, k], values: x.values.slice(from, to) });
  return { x: part(0, half), below: part(half, 2 * half) };
}

function joined(call: KernelCall): Values {
  const x = input(call, 'x');
  if (!('below' in call.inputs)) return x;
  const [rows, k] = x.shape as [number, number];
  const values = Float32Array.from([...x.values, ...input(call, 'below').values]);
  return { ...x, shape: [2 * rows, k], values };
}

/** In float64: sums of products, and the bound of a chain of that many roundings, whatever their order. */
function sumsOf(count: number, length: number, term: (at: number, i: number) => number) {
  const values = new Float64Array(count);
  const bounds = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    let magnitude = 0;
    for (let i = 0; i < length; i++) {
      const product = term(at, i);
      values[at] = values[at]! + product;
      magnitude += Math.abs(product);
    }
    bounds[at] = (length + 8) * 2 ** -24 * magnitude;
  }
  return { values, bounds };
}

function check(outputs: readonly Values[], expected: readonly { values: Float64Array; tolerance: Tolerance }[]): void {
  if (outputs.length !== expected.length) throw new Error(`expected ${expected.length} outputs, got ${outputs.length}`);
  expected.forEach(({ values, tolerance }, i) => {
    const output = outputs[i] as Values;
    expectClose(output, { ...output, values: Float32Array.from(values) }, tolerance);
  });
}

function denseCall(layer: Layer, activation: Activation, halved: boolean): KernelCall {
  const { k, n, seed } = layer;
  return {
    inputs: { ...rowsOf(layer, halved), kernel: floats([k, n], seed + 1), bias: floats([n], seed + 2) },
    attrs: { activation },
  };
}

function checkDense(_name: string, call: KernelCall, outputs: readonly Values[]): void {
  const { act } = functions[(call.attrs as { activation: Activation }).activation];
  const [x, w, b] = [joined(call).values, input(call, 'kernel').values, input(call, 'bias').values];
  const [rows, k] = joined(call).shape as [number, number];
  const n = input(call, 'bias').shape[0]!;
  const term = (at: number, i: number) =>
    i < k ? x[Math.floor(at / n) * k + i]! * w[i * n + (at % n)]! : (b[at % n] as number);
  const { values, bounds } = sumsOf(rows * n, k + 1, term);
  check(outputs, [{ values: values.map(act), tolerance: { ulps: 3, absolute: bounds } }]);
}

function weightGradCall(layer: Layer, halved: boolean): KernelCall {
  return { inputs: { ...rowsOf(layer, halved), dSum: floats([layer.rows, layer.n], layer.seed + 1) }, attrs: {} };
}

function checkWeightGrad(_name: string, call: KernelCall, outputs: readonly Values[]): void {
  const [x, dSum] = [joined(call).values, input(call, 'dSum').values];
  const [rows, k] = joined(call).shape as [number, number];
  const n = input(call, 'dSum').shape[1]!;
  const dKernel = sumsOf(k * n, rows, (at, i) => x[i * k + Math.floor(at / n)]! * dSum[i * n + (at % n)]!);
  const dBias = sumsOf(n, rows, (at, i) => dSum[i * n + at] as number);
  check(outputs, [
    { values: dKernel.values, tolerance: { absolute: dKernel.bounds } },
    // Summed in float64.
    { values: dBias.values, tolerance: { ulps: 1 } },
  ]);
}

function inputGradCall({ rows, k, n, seed }: Layer, activation: Activation): KernelCall {
  const y = activated(floats([rows, k], seed + 2), activation);
  return { inputs: { dSum: floats([rows, n], seed), kernel: floats([k, n], seed + 1), y }, attrs: { activation } };
}

function checkInputGrad(_name: string, call: KernelCall, outputs: readonly Values[]): void {
  const { slope } = functions[(call.attrs as { activation: Activation }).activation];
  const [dSum, w, y] = ['dSum', 'kernel', 'y'].map((name) => input(call, name).values);
  const [rows, n] = input(call, 'dSum').shape as [number, number];
  const k = input(call, 'kernel').shape[0]!;
  const term = (at: number, i: number) => dSum![Math.floor(at / k) * n + i]! * w![(at % k) * n + i]!;
  const { values, bounds } = sumsOf(rows * k, n, term);
  const slopes = Float64Array.from(y!, slope);
  const absolute = bounds.map((bound, i) => bound * slopes[i]!);
  check(outputs, [{ values: values.map((value, i) => value * slopes[i]!), tolerance: { ulps: 3, absolute } }]);
}

function activationGradCall(rows: number, columns: number, activation: Activation, seed: number): KernelCall {
  const y = activated(floats([rows, columns], seed), activation);
  return { inputs: { y, dy: floats([rows, columns], seed + 1) }, attrs: { activation } };
}

/** The derivative before the activation, and its sums over the batch in float64. */
function checkActivationGrad(_name: string, call: KernelCall, outputs: readonly Values[]): void {
  const { slope } = functions[(call.attrs as { activation: Activation }).activation];
  const [y, dy] = [input(call, 'y'), input(call, 'dy')];
  const [rows, columns] = y.shape as [number, number];
  const dSum = Float64Array.from(dy.values, (d, i) => d * slope(y.values[i] as number));
  const dBias = sumsOf(columns, rows, (at, i) => dSum[i * columns + at] as number);
  const absolute = dBias.bounds.map((bound) => (bound * 4) / (rows + 8));
  check(outputs, [
    { values: dSum, tolerance: { ulps: 3 } },
    { values: dBias.values, tolerance: { ulps: 1, absolute } },
  ]);
}

function crossEntropyCall(shape: number[], ones: number, seed: number): KernelCall {
  return { inputs: { logits: floats(shape, seed) }, attrs: { ones, count: Math.max(1, ones) } };
}

/** (sigmoid(l) - label) / count. */
function checkCrossEntropyGrad(_name: string, call: KernelCall, outputs: readonly Values[]): void {
  const { ones, count } = call.attrs as { ones: number; count: number };
  const sigmoid = Float64Array.from(input(call, 'logits').values, functions.sigmoid.act);
  const values = sigmoid.map((y, i) => (y - (i < ones ? 1 : 0)) / count);
  check(outputs, [{ values, tolerance: { ulps: 4, absolute: 2 ** -22 / count } }]);
}

export const denseSpecs: Record<string, KernelSpec> = {
  Dense: {
    calls: fc.tuple(layers, activations, fc.boolean()).map((parts) => denseCall(...parts)),
    large: [
      ...large.map((layer) => denseCall(layer, 'relu', false)),
      ...large.map((layer) => denseCall(layer, 'sigmoid', true)),
    ],
    check: checkDense,
  },
  DenseWeightGrad: {
    calls: fc.tuple(layers, fc.boolean()).map((parts) => weightGradCall(...parts)),
    large: [false, true].flatMap((halved) => large.map((layer) => weightGradCall(layer, halved))),
    check: checkWeightGrad,
  },
  DenseInputGrad: {
    calls: fc.tuple(layers, activations).map((parts) => inputGradCall(...parts)),
    large: (['relu', 'sigmoid'] as const).flatMap((act) => large.map((layer) => inputGradCall(layer, act))),
    check: checkInputGrad,
  },
  DenseActivationGrad: {
    calls: fc.tuple(layers, activations).map(([{ rows, n, seed }, act]) => activationGradCall(rows, n, act, seed)),
    large: [
      activationGradCall(128, 784, 'sigmoid', 1),
      activationGradCall(201, 131, 'relu', 2),
      activationGradCall(5000, 1, 'linear', 3),
    ],
    check: checkActivationGrad,
  },
  SigmoidCrossEntropyGrad: {
    calls: layers.map(({ rows, k, seed }) => crossEntropyCall([rows, 1], k, seed)),
    large: [crossEntropyCall([256, 1], 128, 1), crossEntropyCall([9001], 9001, 2)],
    check: checkCrossEntropyGrad,
  },
};
