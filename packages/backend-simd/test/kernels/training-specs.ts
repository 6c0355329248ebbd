import fc from 'fast-check';
import { expectClose, type Tolerance } from '../support/compare.ts';
import type { KernelCall, Values } from '../support/evaluate.ts';
import { floats, seeds, shapes, sizeOf } from '../support/samples.ts';
import { threefryBits } from '../support/threefry.ts';
import type { FusedAdamAttrs, ThreefryAttrs } from '../../src/kernels/training.ts';
import { input, type KernelSpec } from './kernel-spec.ts';

function checkAll(
  outputs: readonly Values[],
  expected: readonly { shape: number[]; values: Float64Array; tolerance: Tolerance }[],
) {
  if (outputs.length !== expected.length) throw new Error(`expected ${expected.length} outputs, got ${outputs.length}`);
  expected.forEach(({ shape, values, tolerance }, i) => {
    expectClose(outputs[i] as Values, { shape, dtype: 'float32', values: Float32Array.from(values) }, tolerance);
  });
}

function adamCall(shape: number[], seed: number, attrs: Partial<FusedAdamAttrs>): KernelCall {
  const v = floats(shape, seed + 2);
  return {
    inputs: {
      param: floats(shape, seed),
      m: floats(shape, seed + 1),
      v: { ...v, values: (v.values as Float32Array).map((x) => x * x) },
      gradient: floats(shape, seed + 3),
    },
    attrs: { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 1, ...attrs },
  };
}

/** Algorithm 1 of Kingma and Ba 2015, in float64. */
function checkAdam(_name: string, call: KernelCall, outputs: readonly Values[]): void {
  const { learningRate, beta1, beta2, epsilon, step } = call.attrs as FusedAdamAttrs;
  const [param, m0, v0, g] = ['param', 'm', 'v', 'gradient'].map((name) => Float64Array.from(input(call, name).values));
  const { shape } = input(call, 'param');
  const m = m0!.map((x, i) => beta1 * x + (1 - beta1) * g![i]!);
  const v = v0!.map((x, i) => beta2 * x + (1 - beta2) * g![i]! ** 2);
  const update = m.map((x, i) => {
    const corrected = Math.sqrt(v[i]! / (1 - beta2 ** step)) + epsilon;
    return (learningRate * x) / (1 - beta1 ** step) / corrected;
  });
  // Relative to the terms: m and the update may cancel.
  const termsOfM = m0!.map((x, i) => 2 ** -22 * (Math.abs(beta1 * x) + Math.abs((1 - beta1) * g![i]!)));
  const scale = update.map((x, i) => Math.abs(x) * (m[i] ? termsOfM[i]! / Math.abs(m[i]!) + 2 ** -20 : 1));
  checkAll(outputs, [
    { shape, values: param!.map((x, i) => x - update[i]!), tolerance: { ulps: 1, absolute: scale } },
    { shape, values: m, tolerance: { ulps: 2, absolute: termsOfM } },
    { shape, values: v, tolerance: { ulps: 3 } },
  ]);
}

const adamAttrs = {
  learningRate: fc.constantFrom(0.0002, 0.001, 0.1, 0),
  beta1: fc.constantFrom(0, 0.5, 0.9),
  beta2: fc.constantFrom(0, 0.9, 0.999),
  epsilon: fc.constantFrom(1e-8, 1e-3),
  step: fc.constantFrom(1, 2, 10, 1000, 100_000),
};

const fusedAdam: KernelSpec = {
  calls: fc
    .record({ shape: shapes(), seed: seeds, ...adamAttrs })
    .map(({ shape, seed, ...attrs }) => adamCall(shape, seed, attrs)),
  large: [adamCall([3 * 8192 + 3], 1, { step: 7 }), adamCall([784, 128], 5, { step: 1 })],
  check: checkAdam,
};

/** The calls for single variables as one for all. */
function listed(shapesOfAll: readonly number[][], seed: number, attrs: Partial<FusedAdamAttrs>): KernelCall {
  const calls = shapesOfAll.map((shape, i) => adamCall(shape, seed + 4 * i, attrs));
  const inputs = calls.flatMap((call) => ['param', 'm', 'v', 'gradient'].map((name) => input(call, name)));
  return { inputs, attrs: adamCall([], 0, attrs).attrs };
}

function checkAdamInPlace(name: string, { inputs, attrs }: KernelCall, outputs: readonly Values[]): void {
  const before = inputs as readonly Values[];
  for (let i = 0; i < before.length; i += 4) {
    const [param, m, v, gradient] = before.slice(i, i + 4) as [Values, Values, Values, Values];
    checkAdam(name, { inputs: { param, m, v, gradient }, attrs }, outputs.slice(i, i + 3));
  }
}

const fusedAdamInPlace: KernelSpec = {
  calls: fc
    .record({ shapes: fc.array(shapes(), { maxLength: 10 }), seed: seeds, ...adamAttrs })
    .map(({ shapes, seed, ...attrs }) => listed(shapes, seed, attrs)),
  large: [listed([[100, 128], [128], [0], [128, 784], [784], [1], [8192], [8193], [3], [2]], 1, { step: 3 })],
  check: checkAdamInPlace,
};

const words = fc.integer({ min: 0, max: 2 ** 32 - 1 });

function randomCalls(attrs: fc.Arbitrary<object>): fc.Arbitrary<KernelCall> {
  return fc
    .record({ shape: shapes(), key0: words, key1: words, attrs })
    .map(({ attrs, ...key }) => ({ inputs: {}, attrs: { ...key, ...attrs } }));
}

function wordsOf(call: KernelCall): { shape: number[]; bits: Uint32Array; count: number } {
  const { shape, key0, key1 } = call.attrs as ThreefryAttrs;
  const count = sizeOf(shape);
  return { shape, bits: threefryBits([key0, key1], count + (count % 2)), count };
}

/** min + (max - min) u, rounded to float32 after each operation, to the bit. */
function checkUniform(_name: string, call: KernelCall, outputs: readonly Values[]): void {
  const { min, max } = call.attrs as { min: number; max: number };
  const { shape, bits, count } = wordsOf(call);
  const width = Math.fround(max - min);
  const values = Float64Array.from(bits, (word) => Math.fround(min) + Math.fround(width * ((word >>> 8) * 2 ** -24)));
  checkAll(outputs, [{ shape, values: values.subarray(0, count), tolerance: {} }]);
}

/** Box and Muller's transform in float64. */
function checkNormal(_name: string, call: KernelCall, outputs: readonly Values[]): void {
  const { mean, std } = call.attrs as { mean: number; std: number };
  const { shape, bits, count } = wordsOf(call);
  const half = bits.length / 2;
  const values = Float64Array.from(bits, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log(((bits[i % half]! >>> 8) + 1) * 2 ** -24));
    const angle = 2 * Math.PI * ((bits[half + (i % half)]! >>> 8) * 2 ** -24);
    return mean + std * radius * (i < half ? Math.cos(angle) : Math.sin(angle));
  });
  const absolute = 2 ** -21 * Math.abs(std) + 2 ** -24 * Math.abs(mean);
  checkAll(outputs, [{ shape, values: values.subarray(0, count), tolerance: { ulps: 1, absolute } }]);
}

const uniformAttrs = fc.constantFrom(
  { min: 0, max: 1 },
  { min: -1, max: 1 },
  { min: -0.1, max: 0.3 },
  { min: 5, max: 5 },
);
const normalAttrs = fc.constantFrom({ mean: 0, std: 1 }, { mean: 2, std: 0.02 }, { mean: -1, std: 0 });
const key = { key0: 0xdeadbeef, key1: 42 };

export const trainingSpecs: Record<string, KernelSpec> = {
  FusedAdam: fusedAdam,
  FusedAdamInPlace: fusedAdamInPlace,
  ThreefryUniform: {
    calls: randomCalls(uniformAttrs),
    large: [7001, 12_800].map((n) => ({ inputs: {}, attrs: { shape: [n], ...key, min: -0.7, max: 0.4 } })),
    check: checkUniform,
  },
  ThreefryNormal: {
    calls: randomCalls(normalAttrs),
    large: [7001, 12_800].map((n) => ({ inputs: {}, attrs: { shape: [n], ...key, mean: 0.5, std: 2 } })),
    check: checkNormal,
  },
};
