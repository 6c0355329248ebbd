import * as tf from '@tensorflow/tfjs-core';

/** Makes an operation's inputs, and returns the operation. */
export type Setup = () => () => tf.Tensor;

export const random = (...shape: number[]): tf.Tensor => tf.randomUniform(shape, 0.1, 2, 'float32', 1);
const matrix = (rows: number, columns: number) => random(rows, columns) as tf.Tensor2D;

function map(op: (x: tf.Tensor) => tf.Tensor): Setup {
  return () => {
    const x = random(128, 784);
    return () => op(x);
  };
}

/** What training of dense networks on pictures of 28 x 28 asks for, batch 128. */
export const denseOperations: Readonly<Record<string, Setup>> = {
  'matMul [128, 784] [784, 128]': () => {
    const [a, b] = [matrix(128, 784), matrix(784, 128)];
    return () => tf.matMul(a, b);
  },
  'matMul, first transposed': () => {
    const [a, b] = [matrix(128, 784), matrix(128, 128)];
    return () => tf.matMul(a, b, true, false);
  },
  'matMul, second transposed': () => {
    const [a, b] = [matrix(128, 128), matrix(784, 128)];
    return () => tf.matMul(a, b, false, true);
  },
  'matMul [32, 64, 64] [32, 64, 64]': () => {
    const [a, b] = [random(32, 64, 64), random(32, 64, 64)] as [tf.Tensor3D, tf.Tensor3D];
    return () => tf.matMul(a, b);
  },
  'fused matMul + bias + relu [128, 100] [100, 128]': () => {
    const [a, b, bias] = [matrix(128, 100), matrix(100, 128), random(128)];
    return () => tf.fused.matMul({ a, b, bias, activation: 'relu' });
  },
  'add [128, 784] [128, 784]': () => {
    const [a, b] = [random(128, 784), random(128, 784)];
    return () => tf.add(a, b);
  },
  'mul [128, 784] [784]': () => {
    const [a, b] = [random(128, 784), random(784)];
    return () => tf.mul(a, b);
  },
  'mul [128, 784] [128, 1]': () => {
    const [a, b] = [random(128, 784), random(128, 1)];
    return () => tf.mul(a, b);
  },
  'relu [128, 784]': map(tf.relu),
  'exp [128, 784]': map(tf.exp),
  'log [128, 784]': map(tf.log),
  'sigmoid [128, 784]': map(tf.sigmoid),
  'tanh [128, 784]': map(tf.tanh),
  'softplus [128, 784]': map(tf.softplus),
  'elu [128, 784]': map(tf.elu),
  'greater [128, 784]': map((x) => tf.greater(x, 1)),
  'sum of all [128, 784]': map((x) => tf.sum(x)),
  'mean over rows [128, 784]': map((x) => tf.mean(x, 0)),
  'max over columns [128, 784]': map((x) => tf.max(x, 1)),
  'softmax [128, 784]': map((x) => tf.softmax(x)),
  'transpose [128, 784]': map((x) => tf.transpose(x)),
  'concat 2 x [128, 784], axis 1': map((x) => tf.concat([x, x], 1)),
  'slice [128, 392] of [128, 784]': map((x) => tf.slice(x, [0, 100], [128, 392])),
  'pad [128, 784] to [128, 800]': map((x) => tf.pad(x as tf.Tensor2D, [[0, 0], [8, 8]])), // prettier-ignore
  'gather 128 rows of [128, 784]': () => {
    const [x, indices] = [random(128, 784), tf.range(0, 128, 1, 'int32')];
    return () => tf.gather(x, indices);
  },
  'unsortedSegmentSum [1280, 64], 10 segments': () => {
    const [x, ids] = [random(1280, 64), tf.cast(tf.mod(tf.range(0, 1280), 10), 'int32') as tf.Tensor1D];
    return () => tf.unsortedSegmentSum(x, ids, 10);
  },
};
