import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatProfile, measurePeak, profile, type KernelProfile, type ProfileOptions } from '../src/index.ts';
import { describeModes, startSimd, stopSimd } from './support/modes.ts';

function find(kernels: readonly KernelProfile[], name: string): KernelProfile {
  const row = kernels.find(({ kernel }) => kernel === name);
  if (!row) throw new Error(`${name} is not among ${kernels.map(({ kernel }) => kernel).join(', ')}`);
  return row;
}

/** The operations of the one kernel that `op` calls. */
async function operationsOf(name: string, op: () => tf.Tensor): Promise<number | undefined> {
  const { kernels } = await profile(() => tf.dispose(op()));
  return find(kernels, name).operations;
}

describe('profile', () => {
  beforeAll(async () => void (await startSimd({ threads: 2 })));
  afterAll(stopSimd);

  it('counts calls, bytes and operations, and divides the time between kernels and the rest', async () => {
    const [a, b] = [tf.ones<tf.Rank.R2>([3, 5]), tf.ones<tf.Rank.R2>([5, 7])];
    const report = await profile(() => tf.dispose([tf.matMul(a, b), tf.matMul(b, a, true, true), tf.relu(a)]), {
      runs: 4,
    });
    expect(report.runs).toBe(4);
    const product = find(report.kernels, 'BatchMatMul');
    expect(product).toMatchObject({
      calls: 8,
      shapes: '',
      bytes: 8 * (15 + 35 + 21) * 4,
      operations: 8 * 2 * 3 * 5 * 7,
    });
    expect(find(report.kernels, 'Relu')).toMatchObject({ calls: 4, bytes: 4 * 2 * 15 * 4, operations: undefined });
    const inKernels = report.kernels.reduce((sum, { ms }) => sum + ms, 0);
    expect(report.restMs).toBeGreaterThanOrEqual(0);
    expect(inKernels + report.restMs).toBeCloseTo(report.ms, 6);
    expect(report.kernels.map(({ ms }) => ms)).toEqual(report.kernels.map(({ ms }) => ms).toSorted((x, y) => y - x));
  });

  it('tells shapes apart when asked to', async () => {
    const x = tf.ones([2, 3]);
    const { kernels } = await profile(() => tf.dispose([tf.add(x, 1), tf.add(x, x)]), { by: 'shapes' });
    const shapes = kernels.filter(({ kernel }) => kernel === 'Add').map((row) => row.shapes);
    expect(shapes.toSorted()).toEqual(['[2,3] [2,3]', '[2,3] []']);
  });

  it('counts what convolutions and their gradients take by definition', async () => {
    const x = tf.ones<tf.Rank.R4>([2, 8, 8, 3]);
    const filter = tf.ones<tf.Rank.R4>([3, 3, 3, 4]);
    const dy = tf.ones<tf.Rank.R4>([2, 6, 6, 4]);
    const conv = (image: tf.Tensor4D, weights: tf.Tensor4D) => tf.conv2d(image, weights, 1, 'valid');
    const expected = 2 * (2 * 6 * 6 * 4) * (3 * 3 * 3);
    expect(await operationsOf('Conv2D', () => conv(x, filter))).toBe(expected);
    const byInput = () => tf.grad((image) => conv(image as tf.Tensor4D, filter))(x, dy);
    expect(await operationsOf('Conv2DBackpropInput', byInput)).toBe(expected);
    const byFilter = () => tf.grad((weights) => conv(x, weights as tf.Tensor4D))(filter, dy);
    expect(await operationsOf('Conv2DBackpropFilter', byFilter)).toBe(expected);
    const depthwise = () => tf.depthwiseConv2d(x, tf.ones([3, 3, 3, 2]), 1, 'valid');
    expect(await operationsOf('DepthwiseConv2dNative', depthwise)).toBe(2 * (2 * 6 * 6 * 6) * 9);
  });

  it('counts the three products of a dense layer', async () => {
    const [x, kernel, dSum] = [tf.ones([4, 3]), tf.ones([3, 5]), tf.ones([8, 5])];
    const run = (name: string, inputs: tf.NamedTensorMap) => () =>
      tf.engine().runKernel(name, inputs, { activation: 'linear' }) as tf.Tensor;
    const halves = { x, below: x };
    const expected = 2 * 8 * 3 * 5;
    expect(await operationsOf('Dense', run('Dense', { ...halves, kernel, bias: tf.ones([5]) }))).toBe(expected);
    expect(await operationsOf('DenseWeightGrad', run('DenseWeightGrad', { ...halves, dSum }))).toBe(expected);
    const y = tf.ones([8, 3]);
    expect(await operationsOf('DenseInputGrad', run('DenseInputGrad', { dSum, kernel, y }))).toBe(expected);
  });

  it('waits for a function that is asynchronous', async () => {
    const { kernels } = await profile(async () => {
      await tf.nextFrame();
      tf.dispose(tf.relu(1));
    });
    expect(find(kernels, 'Relu').calls).toBe(1);
  });

  it('is over when the function fails, and gives the error back', async () => {
    const failing = profile(() => {
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    await expect(profile(() => undefined)).resolves.toMatchObject({ kernels: [] });
  });

  it('is made one at a time', async () => {
    const first = profile(() => tf.nextFrame());
    await expect(profile(() => undefined)).rejects.toThrow('a profile is being made already');
    await first;
  });

  it.each<[string, ProfileOptions]>([
    ['runs', { runs: 0 }],
    ['runs', { runs: 1.5 }],
    ['by', { by: 'calls' as 'kernel' }],
  ])('refuses %s out of its range', async (field, options) => {
    await expect(profile(() => undefined, options)).rejects.toThrow(new RegExp(`^${field}: expected`));
  });
});

describe('formatProfile', () => {
  it('prints figures of one run, with the smallest kernels in one line', () => {
    const row = { shapes: '', calls: 20, bytes: 4e6, operations: undefined };
    const kernels = [
      { ...row, kernel: 'BatchMatMul', ms: 60, operations: 6e9 },
      { ...row, kernel: 'Add', ms: 20 },
      { ...row, kernel: 'Relu', ms: 10 },
    ];
    expect(formatProfile({ ms: 100, runs: 10, kernels, restMs: 10 }, 1).split('\n')).toEqual([
      'kernel            ms      %  calls    MB  GFLOP/s',
      'BatchMatMul    6.000   60.0      2  0.40    100.0',
      '(2 others)     3.000   30.0      4  0.80',
      '(JavaScript)   1.000   10.0',
      '(all)         10.000  100.0',
      '',
    ]);
  });
});

describeModes('measurePeak', ({ options }) => {
  afterAll(stopSimd);

  it('gives a rate', async () => {
    await startSimd(options);
    expect(measurePeak()).toBeGreaterThan(0);
  });
});
