import { tf } from '@lab/core';
import { describeBackends, expectTensorsClose } from '@lab/core/testing';
import { expect, it } from 'vitest';
import { classLoss } from '../src/discriminate.ts';
import { oneHotRows } from '../src/minibatch.ts';
import { readGolden } from './golden.ts';
import { trainingBackends } from './training-backends.ts';

interface Wanted {
  readonly logits: number[][];
  readonly labels: number[];
  readonly value: number;
  readonly gradient: number[][];
}

const golden = readGolden<Wanted>('class-loss.json');

describeBackends(
  'the auxiliary classifier',
  () => {
    it('has the loss and the gradient of PyTorch in float64', () => {
      tf.tidy(() => {
        const condition = oneHotRows(golden.labels, 3);
        const loss = tf.valueAndGrad((logits: tf.Tensor) => classLoss(logits, condition)!);
        const { value, grad } = loss(tf.tensor2d(golden.logits));
        expectTensorsClose(value, golden.value, { relative: 1e-6 });
        expectTensorsClose(grad, golden.gradient.flat(), { absolute: 1e-7, relative: 1e-5 });
      });
    });

    it('asks nothing of a D that names no classes', () => {
      expect(classLoss(undefined, undefined)).toBeUndefined();
    });
  },
  trainingBackends,
);
