import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { Tolerance } from '../support/compare.ts';
import { cpuBackend, evaluate, type KernelCall, type Values } from '../support/evaluate.ts';
import { type Content, floats, integers, seeds } from '../support/samples.ts';
import { input, type KernelSpec, likeCpu } from './kernel-spec.ts';

interface Product {
  readonly batchA: readonly number[];
  readonly batchB: readonly number[];
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly seed: number;
  readonly content: Content;
}

interface Epilogue {
  readonly activation: string;
  readonly bias: 'none' | 'row' | 'matrix' | 'scalar';
}

const extent = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.constant(1) },
  { weight: 8, arbitrary: fc.integer({ min: 2, max: 20 }) },
  { weight: 2, arbitrary: fc.integer({ min: 21, max: 70 }) },
);

const batches: fc.Arbitrary<readonly [readonly number[], readonly number[]]> = fc.oneof(
  fc.constantFrom<readonly [number[], number[]]>([[], []], [[1], [1]], [[3], [3]], [[1], [4]], [[5], [1]], [[0], [0]]),
  fc.constantFrom<readonly [number[], number[]]>(
    [
      [2, 3],
      [2, 3],
    ],
    [
      [2, 3],
      [1, 1],
    ],
    [
      [2, 1],
      [2, 3],
    ],
    [
      [2, 1],
      [1, 3],
    ],
    [
      [1, 2, 2],
      [1, 2, 2],
    ],
  ),
);

const products: fc.Arbitrary<Product> = fc
  .record({
    batches,
    m: extent,
    n: extent,
    k: extent,
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    seed: seeds,
    content: fc.constantFrom<Content>('plain', 'special'),
  })
  .map(({ batches: [batchA, batchB], ...rest }) => ({ ...rest, batchA, batchB }));

function operands({ batchA, batchB, m, n, k, transposeA, transposeB, seed, content }: Product): {
  a: Values;
  b: Values;
} {
  return {
    a: floats([...batchA, ...(transposeA ? [k, m] : [m, k])], seed, content),
    b: floats([...batchB, ...(transposeB ? [n, k] : [k, n])], seed + 1, content),
  };
}

function call(product: Product): KernelCall {
  const { transposeA, transposeB } = product;
  return { inputs: operands(product), attrs: { transposeA, transposeB } };
}

function fusedCall(product: Product, { activation, bias }: Epilogue): KernelCall {
  const { n, m, transposeA, transposeB, seed, content } = product;
  const shapes = { none: undefined, row: [n], matrix: [m, n], scalar: [] };
  const biasShape = shapes[bias];
  const extra = biasShape && { bias: floats(biasShape, seed + 2, content) };
  const prelu = activation === 'prelu' && { preluActivationWeights: floats([n], seed + 3) };
  const attrs = { transposeA, transposeB, activation, leakyreluAlpha: 0.3 };
  return { inputs: { ...operands(product), ...extra, ...prelu }, attrs };
}

/** (k + 8) 2^-24 (|A| |B| + |bias|): the bound of a chain of k roundings, whatever their order. */
function roundingBound(kernelCall: KernelCall): Tolerance {
  const { transposeA } = kernelCall.attrs as { transposeA: boolean };
  const inputs = Object.fromEntries(
    ['a', 'b', 'bias']
      .map((name) => [name, input(kernelCall, name)] as const)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, { ...value, values: value.values.map(Math.abs) as Values['values'] }]),
  );
  const attrs = { ...kernelCall.attrs, activation: 'linear' };
  const [magnitude] = evaluate(cpuBackend, tf._FusedMatMul, { inputs, attrs });
  // cpu's exp(x) - 1 has lost all digits of a small x.
  const unit = 2 ** -52;
  const k = input(kernelCall, 'a').shape.at(transposeA ? -2 : -1) as number;
  return { ulps: 8, absolute: Float64Array.from((magnitude as Values).values, (x) => (k + 8) * 2 ** -24 * x + unit) };
}

const plain = { batchA: [], batchB: [], transposeA: false, transposeB: false, seed: 1, content: 'plain' } as const;

function transposed(product: Product): Product[] {
  return [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => ({ ...product, transposeA, transposeB })),
  );
}

const large: Product[] = [
  { ...plain, m: 131, n: 203, k: 97 },
  { ...plain, m: 64, n: 40, k: 1500 }, // the inner dimension in two pieces
  { ...plain, m: 7, n: 13, k: 2049 },
  { ...plain, m: 1, n: 3001, k: 40 },
  { ...plain, m: 2003, n: 1, k: 301 },
  { ...plain, m: 203, n: 301, k: 1 },
  { ...plain, m: 1, n: 1, k: 5001 },
  { ...plain, m: 4001, n: 3, k: 7 },
  { ...plain, m: 9, n: 31, k: 17, batchA: [6, 5], batchB: [6, 5] },
  { ...plain, m: 9, n: 31, k: 17, batchA: [1], batchB: [40] },
  { ...plain, m: 9, n: 31, k: 17, batchA: [40], batchB: [1] },
  { ...plain, m: 59, n: 43, k: 903, batchA: [7], batchB: [1] },
].flatMap(transposed);

/** More of the second operand than is packed at a time: columns in two slabs, a batch in two passes. */
const huge: Product[] = [
  { ...plain, m: 3, n: 4205, k: 1025 },
  { ...plain, m: 3, n: 4205, k: 1025, transposeA: true, transposeB: true },
  { ...plain, m: 2, n: 260, k: 256, batchA: [70], batchB: [70] },
];

const activations = ['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu', 'prelu'];
const biases = ['none', 'row', 'matrix', 'scalar'] as const;

const largeFused: KernelCall[] = activations.flatMap((activation, i) =>
  [
    { ...plain, m: 128, n: 131, k: 100 },
    { ...plain, m: 65, n: 37, k: 1301 },
    { ...plain, m: 131, n: 97, k: 701 }, // the inner dimension in two parts, by threads that pack for themselves or for all
    { ...plain, m: 41, n: 33, k: 700 },
    { ...plain, m: 300, n: 1, k: 130 },
    { ...plain, m: 130, n: 83, k: 1 },
  ].map((product) => fusedCall({ ...product, transposeB: i % 2 === 1 }, { activation, bias: 'row' })),
);

/** Left to the cpu kernel. */
const integerCall: fc.Arbitrary<KernelCall> = seeds.map((seed) => ({
  inputs: { a: integers([3, 4], seed), b: integers([4, 5], seed + 1) },
  attrs: { transposeA: false, transposeB: false },
}));

export const matMulSpecs: Record<string, KernelSpec> = {
  [tf.BatchMatMul]: {
    calls: fc.oneof({ weight: 19, arbitrary: products.map(call) }, { weight: 1, arbitrary: integerCall }),
    large: [...large, ...huge].map(call),
    check: likeCpu(roundingBound),
  },
  [tf._FusedMatMul]: {
    calls: fc
      .record({ product: products, activation: fc.constantFrom(...activations), bias: fc.constantFrom(...biases) })
      .map(({ product, ...epilogue }) => fusedCall(product, epilogue)),
    large: largeFused,
    check: likeCpu(roundingBound),
  },
};
