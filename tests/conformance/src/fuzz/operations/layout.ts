import { tf } from '@lab/core';
import type { Source } from '../source.ts';
import type { Operation, Trial } from '../trial.ts';

function moving(name: string, inputs: readonly tf.Tensor[], run: Trial['run'], gradients = true): Trial {
  return { name, inputs, run, error: 'none', gradients };
}

const dtypeOf = ({ draw }: Source): 'float32' | 'int32' | 'bool' =>
  draw.chance(0.8) ? 'float32' : draw.pick(['int32', 'bool'] as const);

const transpose: Operation = (source) => {
  const x = source.any(dtypeOf(source));
  const perm = source.draw.shuffle(x.shape.map((_, i) => i));
  return moving(`transpose ${perm}`, [x], (y) => tf.transpose(y, perm), x.dtype === 'float32');
};

const reshape: Operation = (source) => {
  const x = source.any(dtypeOf(source));
  return moving('reshape', [x], (y) => tf.reshape(y, x.shape.toReversed()), x.dtype === 'float32');
};

const slice: Operation = (source) => {
  const x = source.tensor(source.shape(1), dtypeOf(source));
  const begin = x.shape.map((n) => (source.draw.chance(0.5) ? 0 : source.draw.integer(0, n)));
  const size = x.shape.map((n, i) => (source.draw.chance(0.5) ? n - begin[i]! : source.draw.integer(0, n - begin[i]!)));
  return moving(`slice ${begin} ${size}`, [x], (y) => tf.slice(y, begin, size), x.dtype === 'float32');
};

const stridedSlice: Operation = (source) => {
  const x = source.tensor(source.shape(1, 3));
  const strides = x.shape.map(() => source.draw.pick([1, 1, 2, 3]));
  const begin = x.shape.map((n) => source.draw.integer(0, Math.floor(n / 2)));
  const run = (y: tf.Tensor): tf.Tensor => tf.stridedSlice(y, begin, [...x.shape], strides);
  return moving(`stridedSlice ${begin} ${strides}`, [x], run, false);
};

const pad: Operation = (source) => {
  const x = source.tensor(source.shape(1));
  const paddings = x.shape.map(
    () => [source.draw.pick([0, 0, 1, 3]), source.draw.pick([0, 0, 1, 2])] as [number, number],
  );
  return moving(`pad ${paddings.join(' ')}`, [x], (y) => tf.pad(y, paddings, 0.5));
};

const concat: Operation = (source) => {
  const dtype = dtypeOf(source);
  const x = source.tensor(source.shape(1), dtype);
  const axis = source.draw.integer(0, x.rank - 1);
  const others = Array.from({ length: source.draw.integer(1, 3) }, () =>
    source.tensor(x.shape.with(axis, source.draw.integer(1, 5)), dtype),
  );
  const inputs = source.draw.shuffle([x, ...others]);
  return moving(`concat along ${axis}`, inputs, (...all) => tf.concat(all, axis), dtype === 'float32');
};

const stack: Operation = (source) => {
  const x = source.tensor(source.shape(0, 3));
  const axis = source.draw.integer(0, x.rank);
  return moving(`stack along ${axis}`, [x, source.tensor(x.shape)], (...all) => tf.stack(all, axis));
};

const split: Operation = (source) => {
  const x = source.tensor([...source.shape(0, 2), 3 * source.draw.integer(1, 4)]);
  const part = source.draw.integer(0, 2);
  return moving(`split, part ${part}`, [x], (y) => tf.split(y, 3, -1)[part]!, false);
};

const tile: Operation = (source) => {
  const x = source.tensor(Array.from({ length: source.draw.integer(1, 3) }, () => source.draw.integer(1, 6)));
  const reps = x.shape.map(() => source.draw.integer(1, 3));
  return { ...moving(`tile ${reps}`, [x], (y) => tf.tile(y, reps)), error: 'summing' };
};

const reverse: Operation = (source) => {
  const x = source.tensor(source.shape(1));
  const axis = source.draw.integer(0, x.rank - 1);
  return moving(`reverse along ${axis}`, [x], (y) => tf.reverse(y, axis));
};

/** Drawn, and not an operand, since they have to be in range. */
export function indices({ draw }: Source, count: number, limit: number): number[] {
  return Array.from({ length: count }, () => draw.integer(0, limit - 1));
}

const gather: Operation = (source) => {
  const x = source.tensor(source.shape(1).map((n) => Math.max(n, 1)));
  const axis = source.draw.integer(0, x.rank - 1);
  const which = indices(source, source.draw.integer(1, 12), x.shape[axis]!);
  const run = (y: tf.Tensor): tf.Tensor => tf.gather(y, tf.tensor1d(which, 'int32'), axis);
  return { ...moving(`gather along ${axis}`, [x], run), error: 'summing' };
};

const oneHot: Operation = (source) => {
  const x = source.any('int32');
  const depth = source.draw.integer(2, 12);
  return moving(`oneHot ${depth}`, [x], (y) => tf.oneHot(y as tf.Tensor1D, depth, 2, -1), false);
};

export const layout: readonly Operation[] = [
  transpose,
  reshape,
  slice,
  stridedSlice,
  pad,
  concat,
  stack,
  split,
  tile,
  reverse,
  gather,
  oneHot,
];
