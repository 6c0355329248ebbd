import { adam, RandomKey, tf } from '@lab/core';
import { describeBackends, expectNoLeak } from '@lab/core/testing';
import { expect, it } from 'vitest';
import { denoiseStep, noiseLoss, type NoisyBatch, unet } from '../src/index.ts';
import { smallUnet } from './small-unet.ts';
import { trainingBackends } from './training-backends.ts';

const key = RandomKey.fromSeed(5);

function randomBatch(): NoisyBatch {
  return {
    xt: key.child('xt').normal<tf.Rank.R4>([8, 4, 4, 1]),
    noise: key.child('noise').normal<tf.Rank.R4>([8, 4, 4, 1]),
    t: key.child('t').uniform<tf.Rank.R1>([8], 0, 1000),
    label: tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1], 'int32'),
  };
}

describeBackends(
  'denoiseStep',
  (backend) => {
    it('tells the loss of before the step, and lowers it', () => {
      const model = unet({ ...smallUnet, key });
      const optimizer = adam({ learningRate: 3e-3 });
      const batch = randomBatch();
      const before = tf.tidy(() => noiseLoss(model, batch).dataSync()[0]!);
      // The untrained network answers 0: what is left is the noise's own square.
      expect(before).toBeCloseTo(
        tf.tidy(() => tf.mean(tf.square(batch.noise)).dataSync()[0]!),
        5,
      );
      expect(denoiseStep(model, batch, { optimizer }).loss).toBeCloseTo(before, 6);
      // tfjs's cpu backend has taken a second for a step.
      for (let i = 0; i < (backend === 'cpu' ? 8 : 100); i++) denoiseStep(model, batch, { optimizer, metrics: false });
      expect(denoiseStep(model, batch, { optimizer }).loss).toBeLessThan((backend === 'cpu' ? 0.99 : 0.8) * before);
      tf.dispose({ ...batch });
      optimizer.dispose();
      model.dispose();
    });

    it('changes every weight the same way whether it measures or not, and leaks nothing', () => {
      expectNoLeak(() => {
        const batch = randomBatch();
        const runs = [true, false].map((metrics) => {
          const model = unet({ ...smallUnet, key });
          const optimizer = adam();
          const counts = [1, 2, 3].map(() => {
            denoiseStep(model, batch, { optimizer, metrics } as { optimizer: typeof optimizer });
            return tf.memory().numTensors;
          });
          expect(new Set(counts).size).toBe(1);
          const weights = tf.tidy(() => model.getWeights().map((weight) => [...weight.dataSync()]));
          optimizer.dispose();
          model.dispose();
          return weights;
        });
        expect(runs[0]).toEqual(runs[1]);
        tf.dispose({ ...batch });
      });
    });
  },
  trainingBackends,
);
