import { tf } from '@lab/core';
import type { Source } from '../source.ts';
import type { Operation } from '../trial.ts';

const extent = ({ draw }: Source): number =>
  draw.chance(0.1) ? draw.integer(60, 140) : draw.chance(0.2) ? draw.pick([1, 8, 16]) : draw.integer(1, 24);

function matrices(source: Source, batchA: readonly number[], batchB: readonly number[]) {
  const [m, n, k] = [extent(source), extent(source), extent(source)];
  const [transposeA, transposeB] = [source.draw.chance(0.4), source.draw.chance(0.4)];
  const a = source.tensor([...batchA, ...(transposeA ? [k, m] : [m, k])]);
  const b = source.tensor([...batchB, ...(transposeB ? [n, k] : [k, n])]);
  return { a, b, n, transposeA, transposeB };
}

const matMul: Operation = (source) => {
  const batch = source.draw.chance(0.5) ? [] : [source.draw.integer(1, 4)];
  const other = batch.length > 0 && source.draw.chance(0.3) ? [1] : batch;
  const { a, b, transposeA, transposeB } = matrices(source, batch, other);
  const run = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => tf.matMul(x, y, transposeA, transposeB);
  // tfjs doesn't sum the derivative by an operand that was broadcast.
  const gradients = other === batch || batch[0] === 1;
  return { name: `matMul ${transposeA} ${transposeB}`, inputs: [a, b], run, error: 'summing', gradients };
};

const fusedMatMul: Operation = (source) => {
  const { a, b, n, transposeA, transposeB } = matrices(source, [], []);
  const activation = source.draw.pick(['linear', 'relu', 'sigmoid', 'elu', 'relu6', 'leakyrelu'] as const);
  const ending = (end: typeof activation) => (x: tf.Tensor, y: tf.Tensor, bias: tf.Tensor) =>
    tf.fused.matMul({ a: x, b: y, bias, transposeA, transposeB, activation: end });
  const inputs = [a, b, source.tensor([n])];
  const [run, sums, gradients] = [ending(activation), ending('linear'), activation === 'linear'];
  return { name: `fused matMul, ${activation}`, inputs, run, sums, error: 'summing', gradients };
};

const einsum: Operation = (source) => {
  const [b, i, j, k] = [1, 2, 3, 4].map(() => source.draw.integer(1, 8)) as [number, number, number, number];
  const inputs = [source.tensor([b, i, j]), source.tensor([b, k, j])];
  const run = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => tf.einsum('bij,bkj->bik', x, y);
  return { name: 'einsum', inputs, run, error: 'summing', gradients: false };
};

export const products: readonly Operation[] = [matMul, matMul, fusedMatMul, einsum];
