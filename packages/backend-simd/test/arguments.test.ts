import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeModes, startSimd, stopSimd } from './support/modes.ts';

const adam = { learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 1 };

describeModes('arguments of kernels that tfjs has no name for', ({ options }) => {
  beforeAll(async () => {
    await startSimd(options);
  });
  afterAll(stopSimd);

  it.each([
    ['Dense', { x: [2, 3], kernel: [4, 5], bias: [5] }, /Dense: kernel must have 3 rows, got 4/],
    ['Dense', { x: [2, 3], kernel: [3, 5], bias: [4] }, /Dense: bias must have 5 elements, got 4/],
    ['Dense', { x: [2, 3], below: [1, 3], kernel: [3, 5], bias: [5] }, /Dense: below must have 2 rows, got 1/],
    ['DenseWeightGrad', { x: [2, 3], below: [2, 4], dSum: [4, 5] }, /below must have 3 columns, got 4/],
    ['DenseWeightGrad', { x: [2, 3], dSum: [4, 5] }, /dSum must have 2 rows, got 4/],
    ['DenseInputGrad', { dSum: [2, 5], kernel: [3, 4], y: [2, 3] }, /kernel must have 5 columns, got 4/],
    ['DenseInputGrad', { dSum: [2, 5], kernel: [3, 5], y: [2, 4] }, /y must have 3 columns, got 4/],
    [
      'DenseInputGrad',
      { dSum: [2, 5], kernel: [3, 5], y: [6] },
      /y: expected a float32 matrix, got float32 of shape \[6\]/,
    ],
    ['DenseActivationGrad', { y: [2, 3], dy: [2, 2] }, /DenseActivationGrad: dy must have 3 columns, got 2/],
    ['DenseActivationGrad', { y: [3], dy: [3] }, /y: expected a float32 matrix, got float32 of shape \[3\]/],
    ['FusedAdam', { param: [4], m: [4], v: [4], gradient: [2] }, /FusedAdam: gradient must have 4 elements, got 2/],
    ['FusedAdam', { param: [4], m: [2], v: [4], gradient: [4] }, /m must have 4 elements, got 2/],
    ['FusedAdamInPlace', [[4], [4], [3], [4]], /FusedAdamInPlace: v must have 4 elements, got 3/],
    ['FusedAdamInPlace', [[4], [4], [4]], /expected param, m, v, gradient of each variable, got 3 inputs/],
    ['GroupNorm', { x: [2, 4], gamma: [3], beta: [4] }, /GroupNorm: gamma must have 4 elements, got 3/],
    ['GroupNorm', { x: [2, 4], gamma: [4], beta: [4], shift: [4] }, /shift must have 8 elements, got 4/],
    ['GroupNorm', { x: [4], gamma: [4], beta: [4] }, /x must be \[B, ..., C\], got \[4\]/],
    ['GroupNorm', { x: [2, 3], gamma: [3], beta: [3] }, /groups must divide the 3 channels, got 2/],
    [
      'GroupNormGrad',
      { dy: [2, 4], x: [2, 4], gamma: [4], beta: [4], mean: [2], rstd: [2, 2] },
      /mean must have 4 elements, got 2/,
    ],
  ])('refuses shapes that do not fit: %s of %o', (name, shapes, error) => {
    tf.tidy(() => {
      const inputs: unknown = Array.isArray(shapes)
        ? shapes.map((shape) => tf.ones(shape))
        : Object.fromEntries(Object.entries(shapes).map(([key, shape]) => [key, tf.ones(shape)]));
      const attrs = { ...adam, activation: 'linear', groups: 2 };
      const before = tf.backend().numDataIds();
      expect(() => tf.engine().runKernel(name, inputs as tf.NamedTensorMap, attrs)).toThrow(error);
      expect(tf.backend().numDataIds()).toBe(before);
    });
  });

  it.each([
    ['Dense', { x: [2, 3], kernel: [3, 5], bias: [5] }, 'bias'],
    ['DenseActivationGrad', { y: [2, 3], dy: [2, 3] }, 'y'],
    ['FusedAdam', { param: [4], m: [4], v: [4], gradient: [4] }, 'gradient'],
    ['FusedAdam', { param: [4], m: [4], v: [4], gradient: [4] }, 'param'],
    ['GroupNorm', { x: [2, 4], gamma: [4], beta: [4] }, 'beta'],
  ])('%s of %o refuses an int32 %s', (name, shapes, wrong) => {
    tf.tidy(() => {
      const inputs = Object.fromEntries(
        Object.entries(shapes).map(([key, shape]) => [key, tf.ones(shape, key === wrong ? 'int32' : 'float32')]),
      );
      const attrs = { ...adam, activation: 'linear', groups: 2 };
      expect(() => tf.engine().runKernel(name, inputs, attrs)).toThrow(/float32.* got int32/);
    });
  });

  it.each([
    [
      'ThreefryUniform',
      { shape: [3], key0: 1, key1: 2 },
      /ThreefryUniform: min must be a finite number, got undefined/,
    ],
    ['ThreefryNormal', { shape: [3], mean: 0, std: 1 }, /ThreefryNormal: key0 must be a finite number, got undefined/],
  ])('%s refuses %o, which lacks attributes', (name, attrs, error) => {
    expect(() => tf.engine().runKernel(name, {}, attrs)).toThrow(error);
  });

  it('counts the steps of Adam from 1', () => {
    tf.tidy(() => {
      const [param, m, v, gradient] = [tf.ones([2]), tf.zeros([2]), tf.zeros([2]), tf.ones([2])];
      const attrs = { ...adam, step: 0 };
      expect(() => tf.engine().runKernel('FusedAdam', { param, m, v, gradient }, attrs)).toThrow(/at least 1, got 0/);
      const inputs: unknown = [param, m, v, gradient];
      expect(() => tf.engine().runKernel('FusedAdamInPlace', inputs as tf.NamedTensorMap, attrs)).toThrow(/got 0/);
      expect([...param.dataSync()]).toEqual([1, 1]);
    });
  });

  it.each([
    ['Dense', { x: [2, 2], kernel: [2, 2], bias: [2] }],
    ['DenseInputGrad', { dSum: [2, 2], kernel: [2, 2], y: [2, 2] }],
    ['DenseActivationGrad', { y: [2, 2], dy: [2, 2] }],
    ['GroupNorm', { x: [2, 2], gamma: [2], beta: [2] }],
  ])('%s refuses an activation that it does not know, and leaves its inputs and no tensor behind', (name, shapes) => {
    const inputs = Object.fromEntries(Object.entries(shapes).map(([key, shape]) => [key, tf.fill(shape, 3)]));
    const before = tf.backend().numDataIds();
    expect(() => tf.engine().runKernel(name, inputs, { activation: 'relu6', groups: 1 })).toThrow(
      /expected .*, got relu6/,
    );
    expect(tf.backend().numDataIds()).toBe(before);
    for (const input of Object.values(inputs)) expect(new Set(input.dataSync())).toEqual(new Set([3]));
    tf.dispose(inputs);
  });
});
