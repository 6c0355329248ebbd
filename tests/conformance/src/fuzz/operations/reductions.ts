import { tf } from '@lab/core';
import type { Source } from '../source.ts';
import type { Operation, Trial } from '../trial.ts';
import { indices } from './layout.ts';

function axes({ draw }: Source, rank: number): number[] | undefined {
  if (draw.chance(0.2)) return undefined;
  return Array.from({ length: rank }, (_, i) => i).filter(() => draw.chance(0.5));
}

const reductions = {
  sum: [tf.sum, 'summing'],
  mean: [tf.mean, 'summing'],
  max: [tf.max, 'none'],
  min: [tf.min, 'none'],
  logSumExp: [tf.logSumExp, 'rounding'],
} as const;

const reduce: Operation = (source) => {
  const { draw } = source;
  const [name, [reduction, error]] = draw.pick(Object.entries(reductions));
  const x = source.any();
  const axis = axes(source, x.rank);
  const keepDims = draw.chance(0.3);
  const run = (y: tf.Tensor): tf.Tensor => reduction(y, axis, keepDims);
  // tfjs can't differentiate the largest of nothing, and divides by nothing in a mean.
  const gradients = x.size > 0 && name !== 'logSumExp';
  return { name: `${name} over ${axis ?? 'all'}`, inputs: [x], run, error, gradients };
};

const logical: Operation = (source) => {
  const x = source.any('bool');
  const [name, reduction] = source.draw.pick([
    ['any', tf.any],
    ['all', tf.all],
  ] as const);
  const axis = axes(source, x.rank);
  return { name: `${name} over ${axis}`, inputs: [x], run: (y) => reduction(y, axis), error: 'none', gradients: false };
};

const arg: Operation = (source) => {
  const x = source.tensor(source.shape(1).map((n) => Math.max(n, 1)));
  const axis = source.draw.integer(0, x.rank - 1);
  const [name, reduction] = source.draw.pick([
    ['argMax', tf.argMax],
    ['argMin', tf.argMin],
  ] as const);
  return { name: `${name} over ${axis}`, inputs: [x], run: (y) => reduction(y, axis), error: 'none', gradients: false };
};

/** Rows that are normalised: softmax and what is like it. */
const rows: Operation = (source): Trial => {
  const x = source.tensor(source.shape(1).map((n) => Math.max(n, 1)));
  const [name, run] = source.draw.pick([
    ['softmax', tf.softmax],
    ['logSoftmax', tf.logSoftmax],
  ] as const);
  return { name, inputs: [x], run: (y) => run(y as tf.Tensor), error: 'rounding', gradients: true };
};

const cumulate: Operation = (source) => {
  const { draw } = source;
  const x = source.tensor(source.shape(1));
  const [axis, exclusive, reverse] = [draw.integer(0, x.rank - 1), draw.chance(0.5), draw.chance(0.5)];
  const name = `cumsum along ${axis}${exclusive ? ', exclusive' : ''}${reverse ? ', reverse' : ''}`;
  const run = (y: tf.Tensor): tf.Tensor => tf.cumsum(y, axis, exclusive, reverse);
  // tfjs gets the shape of the derivative wrong along other axes.
  return { name, inputs: [x], run, error: 'summing', gradients: axis === x.rank - 1 };
};

const topK: Operation = (source) => {
  const { draw } = source;
  const x = source.tensor(source.shape(1, 3).map((n) => Math.max(n, 1)));
  const k = draw.integer(1, x.shape.at(-1) as number);
  const part = draw.pick(['values', 'indices'] as const);
  return { name: `topk ${k}, ${part}`, inputs: [x], run: (y) => tf.topk(y, k)[part], error: 'none', gradients: false };
};

const segmentSum: Operation = (source) => {
  const x = source.tensor(source.shape(1, 3).map((n) => Math.max(n, 1)));
  const segments = source.draw.integer(1, 6);
  const ids = indices(source, x.shape[0]!, segments);
  const run = (y: tf.Tensor): tf.Tensor => tf.unsortedSegmentSum(y, tf.tensor1d(ids, 'int32'), segments);
  return { name: `unsortedSegmentSum ${segments}`, inputs: [x], run, error: 'summing', gradients: true };
};

export const reducing: readonly Operation[] = [reduce, reduce, logical, arg, rows, cumulate, segmentSum, topK];
