import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { KernelCall, Values } from '../support/evaluate.ts';
import { type Content, floats, integers, ofType, seeds, shapes, types } from '../support/samples.ts';
import { type KernelSpec, likeCpu } from './kernel-spec.ts';

const someContents = fc.constantFrom<Content>('plain', 'special');

/** Numbers with many equals among them. */
function withTies(shape: number[], seed: number): Values {
  const { values } = integers(shape, seed, -3, 4);
  return { shape, dtype: 'float32', values: Float32Array.from(values) };
}

/** A tensor and one of its axes. */
const alongAxis = fc
  .record({ shape: shapes({ min: 1, max: 4 }), dtype: types, seed: seeds, content: someContents, ties: fc.boolean() })
  .chain(({ shape, dtype, seed, content, ties }) =>
    fc.record({
      x: fc.constant(ties ? withTies(shape, seed) : ofType(dtype, shape, seed, content)),
      axis: fc.nat(shape.length - 1),
    }),
  );

const largeAlong = (make: (shape: number[], seed: number) => Values): { x: Values; axis: number }[] => [
  { x: make([301, 203], 1), axis: 1 },
  { x: make([301, 203], 2), axis: 0 },
  { x: make([9, 70, 83], 3), axis: 1 },
];

// Each kernel has its own large calls, by which cpu's answers are remembered.
const arg = (): KernelSpec => ({
  calls: alongAxis.map(({ x, axis }) => ({ inputs: { x }, attrs: { axis } })),
  large: largeAlong(withTies).map(({ x, axis }) => ({ inputs: { x }, attrs: { axis } })),
  check: likeCpu(),
});

const cumulative = (): KernelSpec => ({
  calls: fc
    .record({ at: alongAxis, exclusive: fc.boolean(), reverse: fc.boolean() })
    .map(({ at: { x, axis }, exclusive, reverse }) => ({ inputs: { x }, attrs: { axis, exclusive, reverse } })),
  large: largeAlong(floats).map(({ x, axis }, i) => ({
    inputs: { x },
    attrs: { axis, exclusive: i === 1, reverse: i === 2 },
  })),
  // cpu rounds after each step, too.
  check: likeCpu(),
});

const topK: KernelSpec = {
  calls: fc
    .record({
      shape: shapes({ min: 1, max: 3 }).filter((shape) => shape.at(-1) !== 0),
      seed: seeds,
      ties: fc.boolean(),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ shape, seed, ties, part }): KernelCall => {
      const k = Math.ceil((part * (shape.at(-1) as number)) / 2);
      return { inputs: { x: ties ? withTies(shape, seed) : floats(shape, seed) }, attrs: { k, sorted: true } };
    }),
  large: [1, 5, 70].map((k) => ({ inputs: { x: withTies([131, 401], k) }, attrs: { k, sorted: true } })),
  check: likeCpu(),
};

export const scanningSpecs: Record<string, KernelSpec> = {
  [tf.ArgMax]: arg(),
  [tf.ArgMin]: arg(),
  [tf.Cumsum]: cumulative(),
  [tf.Cumprod]: cumulative(),
  [tf.TopK]: topK,
};
