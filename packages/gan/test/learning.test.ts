import type { tf } from '@lab/core';
import { RandomKey, adam } from '@lab/core';
import { describe, expect, it } from 'vitest';
import { type GanLossName, type Pictures, losses, referenceMlp, sample, trainGan } from '../src/index.ts';
import { onCpu } from './cpu.ts';

const size = 6;
const pixels = size * size;

onCpu();

/** Pictures of one upright stroke, in column 1, 2 or 3: a data set whose every picture a reader can imagine. */
function* strokes(key: RandomKey, batch: number): Generator<Pictures> {
  for (let step = 0; ; step++) {
    const columns = key.child(step).integers(batch, 1, 3);
    const data = new Float32Array(batch * pixels);
    columns.forEach((column, i) => {
      for (let row = 0; row < size; row++) data[i * pixels + row * size + column] = 1;
    });
    yield { data, shape: [batch, size, size, 1] };
  }
}

/** Mean over the pictures of their distance to the nearest of the three strokes, per pixel. */
function distanceToStrokes(pictures: tf.Tensor4D): number {
  const { value } = strokes(RandomKey.fromSeed(1), 64).next() as IteratorYieldResult<Pictures>;
  const data = pictures.dataSync();
  const distances = Array.from({ length: pictures.shape[0] }, (_, i) => {
    const toReal = Array.from({ length: 64 }, (_, j) => {
      let sum = 0;
      for (let p = 0; p < pixels; p++) sum += Math.abs(data[i * pixels + p]! - value.data[j * pixels + p]!);
      return sum / pixels;
    });
    return Math.min(...toReal);
  });
  pictures.dispose();
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}

describe('a GAN on strokes', () => {
  it.each(['minimaxLogits', 'nonSaturating', 'logistic'] as GanLossName[])(
    'comes near to them with %s',
    async (name) => {
      const key = RandomKey.fromSeed(4);
      const gan = referenceMlp(key.child('networks'), { latentDim: 4, hidden: 32, imageShape: [size, size, 1] });
      const optimizers = { dOptimizer: adam({ learningRate: 2e-3 }), gOptimizer: adam({ learningRate: 2e-3 }) };
      const untrained = distanceToStrokes(sample(gan, key, 64));

      const options = { ...optimizers, key, loss: losses[name], steps: 500, metricsEvery: 100 };
      let last;
      for await (const progress of trainGan(gan, strokes(key.child('data'), 16), options)) last = progress;

      const trained = distanceToStrokes(sample(gan, key, 64));
      expect(untrained).toBeGreaterThan(0.3);
      // Noise is at .5, a blank picture at .17, the mean of all strokes at .15.
      expect(trained).toBeLessThan(0.12);
      expect(last!.step).toBe(500);
      expect(last!.dFake).toBeGreaterThan(0.001);
    },
  );
});
