import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { Values } from '../support/evaluate.ts';
import { contents, floats, ofType, seeds, shapes, types } from '../support/samples.ts';
import { type KernelSpec, likeCpu } from './kernel-spec.ts';

const tensors = (ranks: { min: number; max: number }): fc.Arbitrary<Values> =>
  fc
    .record({ dtype: types, shape: shapes(ranks), seed: seeds, content: contents })
    .map(({ dtype, shape, seed, content }) => ofType(dtype, shape, seed, content));

function pieces(x: Values, axis: number, sizes: number[], seed: number): Values[] {
  return sizes.map((size, i) => ofType(x.dtype, x.shape.with(axis, size), seed + i, 'special'));
}

const concat: KernelSpec = {
  calls: tensors({ min: 1, max: 5 })
    .chain((x) =>
      fc.record({
        x: fc.constant(x),
        axis: fc.nat(x.shape.length - 1),
        sizes: fc.array(fc.nat(5), { minLength: 1, maxLength: 5 }),
        seed: seeds,
      }),
    )
    .map(({ x, axis, sizes, seed }) => ({ inputs: pieces(x, axis, sizes, seed), attrs: { axis } })),
  large: [0, 1, 2].map((axis) => ({
    inputs: pieces(floats([31, 37, 41], 1), axis, [7, 1, 40, 3], axis),
    attrs: { axis },
  })),
  check: likeCpu(),
};

/** A part of a dimension: where it begins, and how long it is. */
function range(size: number): fc.Arbitrary<[number, number]> {
  const part = fc.nat(size).chain((begin) => fc.tuple(fc.constant(begin), fc.nat(size - begin)));
  return fc.oneof(fc.constant<[number, number]>([0, size]), part);
}

const slice: KernelSpec = {
  calls: tensors({ min: 1, max: 6 }).chain((x) =>
    fc.tuple(...x.shape.map(range)).map((ranges) => ({
      inputs: { x },
      attrs: { begin: ranges.map(([begin]) => begin), size: ranges.map(([, size]) => size) },
    })),
  ),
  large: [
    { inputs: { x: floats([300, 200], 1) }, attrs: { begin: [7, 0], size: [290, 200] } },
    { inputs: { x: floats([300, 200], 1) }, attrs: { begin: [0, 3], size: [300, 190] } },
    { inputs: { x: floats([300, 200], 1) }, attrs: { begin: [1, 3], size: [290, 190] } },
  ],
  check: likeCpu(),
};

const padding = fc.oneof(fc.constant<[number, number]>([0, 0]), fc.tuple(fc.nat(3), fc.nat(3)));

const pad: KernelSpec = {
  calls: tensors({ min: 0, max: 5 }).chain((x) =>
    fc
      .record({ paddings: fc.tuple(...x.shape.map(() => padding)), constantValue: fc.constantFrom(0, 1, -2.5) })
      .map((attrs) => ({ inputs: { x }, attrs })),
  ),
  large: [
    [
      [3, 5],
      [0, 0],
    ],
    [
      [0, 0],
      [1, 0],
    ],
    [
      [1, 1],
      [2, 2],
    ],
  ].map((paddings) => ({ inputs: { x: floats([201, 203], 1) }, attrs: { paddings, constantValue: 0.5 } })),
  check: likeCpu(),
};

const pack: KernelSpec = {
  calls: tensors({ min: 0, max: 4 })
    .chain((x) =>
      fc.record({
        x: fc.constant(x),
        axis: fc.nat(x.shape.length),
        count: fc.integer({ min: 1, max: 4 }),
        seed: seeds,
      }),
    )
    .map(({ x, axis, count, seed }) => ({
      inputs: Array.from({ length: count }, (_, i) => ofType(x.dtype, x.shape, seed + i, 'special')),
      attrs: { axis },
    })),
  large: [0, 1, 2].map((axis) => ({ inputs: [1, 2, 3].map((seed) => floats([131, 203], seed)), attrs: { axis } })),
  check: likeCpu(),
};

const unpack: KernelSpec = {
  calls: tensors({ min: 1, max: 4 }).chain((value) =>
    fc.nat(value.shape.length - 1).map((axis) => ({ inputs: { value }, attrs: { axis } })),
  ),
  large: [0, 1, 2].map((axis) => ({ inputs: { value: floats([31, 37, 41], 1) }, attrs: { axis } })),
  check: likeCpu(),
};

const splitV: KernelSpec = {
  calls: tensors({ min: 1, max: 4 })
    .chain((x) =>
      fc.record({
        x: fc.constant(x),
        axis: fc.nat(x.shape.length - 1),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    )
    .map(({ x, axis, at }) => {
      const n = x.shape[axis] as number;
      const first = Math.floor(at * n);
      return { inputs: { x }, attrs: { axis, numOrSizeSplits: [first, n - first] } };
    }),
  large: [
    { inputs: { x: floats([300, 200], 1) }, attrs: { axis: 1, numOrSizeSplits: [70, 3, 127] } },
    { inputs: { x: floats([300, 200], 1) }, attrs: { axis: 0, numOrSizeSplits: 3 } },
  ],
  check: likeCpu(),
};

const strides = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 3 }), fc.integer({ min: -3, max: -1 }));
const noMasks = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };

const stridedSlice: KernelSpec = {
  calls: tensors({ min: 1, max: 4 })
    .filter((x) => x.values.length > 0)
    .chain((x) =>
      fc.tuple(...x.shape.map(() => strides)).map((steps) => ({
        inputs: { x },
        attrs: {
          ...noMasks,
          begin: x.shape.map((n, i) => ((steps[i] as number) > 0 ? 0 : n - 1)),
          end: x.shape.map((n, i) => ((steps[i] as number) > 0 ? n : -n - 1)),
          strides: steps,
        },
      })),
    ),
  large: [
    { inputs: { x: floats([300, 200], 1) }, attrs: { ...noMasks, begin: [0, 199], end: [300, 2], strides: [1, -2] } },
  ],
  check: likeCpu(),
};

const tile: KernelSpec = {
  calls: tensors({ min: 1, max: 4 })
    .filter((x) => x.values.length < 2000)
    .chain((x) => fc.tuple(...x.shape.map(() => fc.nat(3))).map((reps) => ({ inputs: { x }, attrs: { reps } }))),
  large: [
    { inputs: { x: floats([7, 1, 1, 19], 1) }, attrs: { reps: [1, 20, 21, 1] } },
    { inputs: { x: floats([300, 1], 1) }, attrs: { reps: [1, 200] } },
    { inputs: { x: floats([130, 40], 1) }, attrs: { reps: [3, 5] } },
  ],
  check: likeCpu(),
};

const reverse: KernelSpec = {
  calls: tensors({ min: 0, max: 5 }).chain((x) =>
    fc.subarray(x.shape.map((_, i) => i)).map((dims) => ({ inputs: { x }, attrs: { dims } })),
  ),
  large: [[0], [1], [0, 1]].map((dims) => ({ inputs: { x: floats([301, 203], 1) }, attrs: { dims } })),
  check: likeCpu(),
};

export const copyingSpecs: Record<string, KernelSpec> = {
  [tf.Concat]: concat,
  [tf.Pack]: pack,
  [tf.Slice]: slice,
  [tf.StridedSlice]: stridedSlice,
  [tf.SplitV]: splitV,
  [tf.Unpack]: unpack,
  [tf.PadV2]: pad,
  [tf.Tile]: tile,
  [tf.Reverse]: reverse,
};
