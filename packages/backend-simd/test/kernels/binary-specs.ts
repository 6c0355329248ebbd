import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { Tolerance } from '../support/compare.ts';
import type { KernelCall } from '../support/evaluate.ts';
import { bools, broadcastPairs, contents, floats, integers, ofType, seeds, shapes, types } from '../support/samples.ts';
import { type KernelSpec, likeCpu } from './kernel-spec.ts';

/** Pairs of shapes that are cut into chunks: flat, one number, rows and columns, and a mixture of all. */
const LARGE: readonly [number[], number[]][] = [
  [[50_001], [50_001]],
  [[50_001], [1]],
  [[1], [250, 203]],
  [[250, 203], [203]],
  [
    [250, 203],
    [250, 1],
  ],
  [
    [250, 1],
    [1, 203],
  ],
  [
    [3, 1, 5, 1, 7, 131],
    [3, 4, 1, 9, 1, 1],
  ],
];

type Pair = readonly [string, string];

function binary(tolerance: Tolerance, [a, b]: Pair = ['a', 'b'], pairs = broadcastPairs, large = LARGE): KernelSpec {
  const calls = fc
    .record({ pair: pairs, types: fc.tuple(types, types), seed: seeds, content: contents, sameType: fc.boolean() })
    .map(({ pair, types, seed, content, sameType }): KernelCall => {
      const dtype = sameType ? 'float32' : types[0];
      const second = ['a', 'x'].includes(a) ? dtype : 'float32';
      return {
        inputs: { [a]: ofType(dtype, pair[0], seed, content), [b]: ofType(second, pair[1], seed + 1, content) },
        attrs: {},
      };
    });
  return {
    calls,
    large: large.map(([one, other]) => ({
      inputs: { [a]: floats(one, 1, 'any'), [b]: floats(other, 2, 'any') },
      attrs: {},
    })),
    check: likeCpu(tolerance),
  };
}

/** Bools for the kernels that work on them. */
function logic(): KernelSpec {
  return {
    calls: fc
      .record({ pair: broadcastPairs, seed: seeds })
      .map(({ pair: [a, b], seed }) => ({ inputs: { a: bools(a, seed), b: bools(b, seed + 1) }, attrs: {} })),
    large: LARGE.map(([a, b]) => ({ inputs: { a: bools(a, 1), b: bools(b, 2) }, attrs: {} })),
    check: likeCpu(),
  };
}

/** Comparisons of 32-bit integers too. */
function comparison(): KernelSpec {
  const spec = binary({});
  const integerCalls = fc
    .record({ pair: broadcastPairs, seed: seeds })
    .map(({ pair: [a, b], seed }) => ({ inputs: { a: integers(a, seed), b: integers(b, seed + 1) }, attrs: {} }));
  const large = LARGE.map(([a, b]) => ({ inputs: { a: integers(a, 1), b: integers(b, 2) }, attrs: {} }));
  return { ...spec, calls: fc.oneof(spec.calls, integerCalls), large: [...spec.large, ...large] };
}

const equalShapes = shapes().map((shape): [number[], number[]] => [shape, shape.slice()]);

const addN: KernelSpec = {
  calls: fc
    .record({ shape: shapes(), count: fc.integer({ min: 1, max: 5 }), seed: seeds, content: contents, dtype: types })
    .map(({ shape, count, seed, content, dtype }) => ({
      inputs: Array.from({ length: count }, (_, i) => ofType(dtype, shape, seed + i, content)),
      attrs: {},
    })),
  large: [{ inputs: [1, 2, 3].map((seed) => floats([40_001], seed, 'plain')), attrs: {} }],
  check: likeCpu(),
};

const select: KernelSpec = {
  calls: fc
    .record({ shape: shapes({ min: 1, max: 5 }), seed: seeds, content: contents, dtype: types, rows: fc.boolean() })
    .map(({ shape, seed, content, dtype, rows }) => ({
      inputs: {
        condition: bools(rows ? shape.slice(0, 1) : shape, seed),
        // A condition for whole rows is what tfjs's cpu kernel gets wrong unless they hold one number each.
        t: ofType(dtype, rows ? shape.slice(0, 1) : shape, seed + 1, content),
        e: ofType(dtype, rows ? shape.slice(0, 1) : shape, seed + 2, content),
      },
      attrs: {},
    })),
  large: [
    { inputs: { condition: bools([211, 205], 1), t: floats([211, 205], 2), e: floats([211, 205], 3) }, attrs: {} },
  ],
  check: likeCpu(),
};

export const binarySpecs: Record<string, KernelSpec> = {
  [tf.Add]: binary({}),
  [tf.Sub]: binary({}),
  [tf.Multiply]: binary({}),
  [tf.RealDiv]: binary({}),
  [tf.Maximum]: binary({}),
  [tf.Minimum]: binary({}),
  // cpu rounds once, at the end.
  [tf.SquaredDifference]: binary({ ulps: 2 }),
  [tf.Equal]: comparison(),
  [tf.NotEqual]: comparison(),
  [tf.Greater]: comparison(),
  [tf.GreaterEqual]: comparison(),
  [tf.Less]: comparison(),
  [tf.LessEqual]: comparison(),
  [tf.LogicalAnd]: logic(),
  [tf.LogicalOr]: logic(),
  [tf.Prelu]: binary({}, ['x', 'alpha']),
  [tf.EluGrad]: binary({ ulps: 2 }, ['dy', 'y'], equalShapes, LARGE.slice(0, 1)),
  [tf.AddN]: addN,
  [tf.Select]: select,
};
