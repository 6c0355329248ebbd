import { tf } from '@lab/core';
import { expectNoLeak, expectTensorsClose } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import { crossEntropy } from '../src/index.ts';
import { oneHotRows } from '../src/cross-entropy.ts';
import { onCpu } from './cpu.ts';

onCpu();

const rows = (indices: number[], classes: number) => oneHotRows(tf.tensor1d(indices, 'int32'), classes);

describe('crossEntropy', () => {
  it('is -log softmax at the class', () => {
    expectNoLeak(() => {
      tf.tidy(() => {
        const logits = tf.tensor2d([
          [1, 2, 3],
          [0.5, -4, 0],
        ]);
        const wanted = [2, 0].map((label, i) => -(tf.logSoftmax(logits).arraySync() as number[][])[i]![label]!);
        expectTensorsClose(crossEntropy(logits, rows([2, 0], 3)), wanted, { absolute: 1e-6 });
      });
    });
  });

  it('keeps its gradient where the softmax has rounded to one', () => {
    tf.tidy(() => {
      const slope = (gap: number) =>
        tf
          .grad((logits) => crossEntropy(logits as tf.Tensor2D, rows([0], 3)) as tf.Tensor)(tf.tensor2d([[gap, 0, 1]]))
          .dataSync();
      // dL/dl_0 = -(e^0 + e^1) / (e^60 + e^0 + e^1)
      const [own, first, second] = slope(60);
      expect(own! / (-(1 + Math.E) * Math.exp(-60))).toBeCloseTo(1, 4);
      expect(first! / Math.exp(-60)).toBeCloseTo(1, 4);
      expect(second! / Math.exp(-59)).toBeCloseTo(1, 4);
    });
  });

  it('is finite and right for logits far apart', () => {
    tf.tidy(() => {
      const logits = tf.tensor2d([
        [1e6, 0, -1e6],
        [1e6, 0, -1e6],
      ]);
      expect([...crossEntropy(logits, rows([0, 2], 3)).dataSync()]).toEqual([0, 2e6]);
    });
  });
});
