import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { Tolerance } from '../support/compare.ts';
import { cpuBackend, evaluate, type KernelCall, type Values } from '../support/evaluate.ts';
import { contents, floats, integers, ofType, seeds, shapes, types } from '../support/samples.ts';
import { input, type KernelSpec, likeCpu } from './kernel-spec.ts';

const tensors = (ranks: { min: number; max: number }): fc.Arbitrary<Values> =>
  fc
    .record({ dtype: types, shape: shapes(ranks), seed: seeds, content: contents })
    .map(({ dtype, shape, seed, content }) => ofType(dtype, shape, seed, content));

const transpose: KernelSpec = {
  calls: tensors({ min: 0, max: 6 }).chain((x) => {
    const axes = x.shape.map((_, i) => i);
    return fc.shuffledSubarray(axes, { minLength: axes.length }).map((perm) => ({ inputs: { x }, attrs: { perm } }));
  }),
  large: [
    { inputs: { x: floats([301, 203], 1) }, attrs: { perm: [1, 0] } },
    { inputs: { x: floats([33, 67, 41], 1) }, attrs: { perm: [0, 2, 1] } },
    { inputs: { x: floats([17, 19, 13, 11], 1) }, attrs: { perm: [3, 1, 0, 2] } },
  ],
  check: likeCpu(),
};

const gather: KernelSpec = {
  calls: tensors({ min: 1, max: 5 })
    .filter((x) => x.values.length > 0)
    .chain((x) =>
      fc.record({
        x: fc.constant(x),
        axis: fc.nat(x.shape.length - 1),
        indexShape: shapes({ min: 0, max: 2 }).filter((shape) => shape.reduce((a, b) => a * b, 1) < 50),
        seed: seeds,
      }),
    )
    .map(({ x, axis, indexShape, seed }) => ({
      inputs: { x, indices: integers(indexShape, seed, 0, x.shape[axis] as number) },
      attrs: { axis, batchDims: 0 },
    })),
  large: [0, 1].map((axis) => ({
    inputs: { x: floats([301, 203], 1), indices: integers([500], 2, 0, 203) },
    attrs: { axis, batchDims: 0 },
  })),
  check: likeCpu(),
};

/** cpu sums in float64 and rounds once, ours rounds each sum: relative to the sum of the magnitudes. */
function segmentTolerance(call: KernelCall): Tolerance {
  const x = input(call, 'x');
  const inputs = { ...(call.inputs as object), x: { ...x, values: x.values.map(Math.abs) as Values['values'] } };
  const [magnitudes] = evaluate(cpuBackend, tf.UnsortedSegmentSum, { inputs, attrs: call.attrs });
  const scale = (x.shape[0] as number) * 2 ** -24;
  return { ulps: 1, absolute: Float64Array.from((magnitudes as Values).values, (sum) => sum * scale) };
}

const segmentSum: KernelSpec = {
  // Infinite numbers are left out: cpu multiplies them by a mask of zeros.
  calls: fc
    .record({ shape: shapes({ min: 1, max: 4 }), segments: fc.integer({ min: 1, max: 9 }), seed: seeds, dtype: types })
    .map(({ shape, segments, seed, dtype }) => ({
      inputs: {
        x: ofType(dtype, shape, seed, 'plain'),
        segmentIds: integers([shape[0] as number], seed + 1, -1, segments + 1),
      },
      attrs: { numSegments: segments },
    })),
  large: [
    {
      inputs: { x: floats([501, 83], 1), segmentIds: integers([501], 2, 0, 10) },
      attrs: { numSegments: 10 },
    },
  ],
  check: likeCpu(segmentTolerance),
};

const batchedGather = fc
  .record({
    batch: fc.integer({ min: 1, max: 4 }),
    rest: shapes({ min: 1, max: 3 }),
    count: fc.integer({ min: 1, max: 7 }),
    seed: seeds,
  })
  .filter(({ rest }) => rest.every((n) => n > 0))
  .map(({ batch, rest, count, seed }) => ({
    inputs: { x: floats([batch, ...rest], seed), indices: integers([batch, count], seed, 0, rest[0] as number) },
    attrs: { axis: 1, batchDims: 1 },
  }));

/** Indices [..., rank] into the first dimensions of a shape. */
function indicesInto(shape: readonly number[], leading: number[], seed: number): Values {
  const columns = shape.map((n, i) => integers(leading, seed + i, 0, n).values);
  const count = columns[0]?.length ?? 0;
  const values = Int32Array.from({ length: count * shape.length }, (_, i) => {
    return columns[i % shape.length]?.[Math.floor(i / shape.length)] as number;
  });
  return { shape: [...leading, shape.length], dtype: 'int32', values };
}

/** A tensor without empty dimensions, the number of leading ones that indices name, and how many indices. */
const indexed = fc
  .record({ x: tensors({ min: 1, max: 4 }), count: fc.integer({ min: 1, max: 9 }), seed: seeds })
  .filter(({ x }) => x.values.length > 0)
  .chain(({ x, count, seed }) =>
    fc.record({
      x: fc.constant(x),
      count: fc.constant(count),
      seed: fc.constant(seed),
      rank: fc.integer({ min: 1, max: x.shape.length }),
    }),
  );

const gatherNd: KernelSpec = {
  calls: indexed.map(({ x, rank, count, seed }) => ({
    inputs: { params: x, indices: indicesInto(x.shape.slice(0, rank), [count], seed) },
    attrs: {},
  })),
  large: [{ inputs: { params: floats([300, 200], 1), indices: indicesInto([300], [500], 2) }, attrs: {} }],
  check: likeCpu(),
};

const scatterNd: KernelSpec = {
  calls: indexed.map(({ x, rank, count, seed }) => ({
    inputs: {
      indices: indicesInto(x.shape.slice(0, rank), [count], seed),
      updates: ofType(x.dtype, [count, ...x.shape.slice(rank)], seed, 'plain'),
    },
    attrs: { shape: x.shape },
  })),
  large: [
    { inputs: { indices: indicesInto([50], [900], 2), updates: floats([900, 203], 1) }, attrs: { shape: [50, 203] } },
  ],
  // cpu adds one after the other in float32, too.
  check: likeCpu(),
};

const oneHot: KernelSpec = {
  calls: fc
    .record({ shape: shapes({ min: 0, max: 3 }), depth: fc.integer({ min: 1, max: 12 }), seed: seeds, dtype: types })
    .map(({ shape, depth, seed, dtype }) => ({
      inputs: { indices: integers(shape, seed, -1, depth + 1) },
      attrs: { depth, onValue: 1.5, offValue: dtype === 'float32' ? -0.5 : 0, dtype },
    })),
  large: [
    {
      inputs: { indices: integers([5001], 1, 0, 10) },
      attrs: { depth: 10, onValue: 1, offValue: 0, dtype: 'float32' },
    },
  ],
  check: likeCpu(),
};

const fill: KernelSpec = {
  calls: fc
    .record({ shape: shapes(), value: fc.constantFrom(0, 1, -3, 2.25, NaN, Infinity), dtype: types })
    .map(({ shape, value, dtype }): KernelCall => ({ inputs: {}, attrs: { shape, value, dtype } })),
  large: [{ inputs: {}, attrs: { shape: [50_001], value: 7, dtype: 'float32' } }],
  check: likeCpu(),
};

export const layoutSpecs: Record<string, KernelSpec> = {
  [tf.Transpose]: transpose,
  [tf.GatherV2]: { ...gather, calls: fc.oneof(gather.calls, batchedGather) },
  [tf.GatherNd]: gatherNd,
  [tf.ScatterNd]: scatterNd,
  [tf.UnsortedSegmentSum]: segmentSum,
  [tf.OneHot]: oneHot,
  [tf.Fill]: fill,
};
