import { adam, RandomKey, tf } from '@lab/core';
import { describeBackends, expectNoLeak } from '@lab/core/testing';
import { expect, it } from 'vitest';
import { denoisingLoss, drawDenoisingBatch, trainStep } from '../src/index.ts';
import { smallModel, weightsOf } from './small-model.ts';
import { trainingBackends } from './training-backends.ts';

const key = RandomKey.fromSeed(5);
const labels = [0, 1, 0, 1, 0, 1, 0, 1];

describeBackends(
  'trainStep',
  (backend) => {
    it('tells the loss of before the step, and lowers it', () => {
      const model = smallModel(5);
      const optimizer = adam({ learningRate: 3e-3 });
      const x0 = key.normal<tf.Rank.R4>([8, 4, 4, 1]);
      // The same key throughout: the same levels, noise and withheld classes.
      const step = () => trainStep(model, { x0, labels }, key, { optimizer });
      const [before, noise] = tf.tidy(() => {
        const batch = drawDenoisingBatch(model, { x0, labels }, key, 0.1);
        return [denoisingLoss(model, batch).dataSync()[0]!, tf.mean(tf.square(batch.target)).dataSync()[0]!];
      });
      // The untrained network answers 0: what is left is the noise's own square.
      expect(before).toBeCloseTo(noise!, 5);
      expect(step().loss).toBeCloseTo(before!, 6);
      // tfjs's cpu backend has taken a second for a step.
      for (let i = 0; i < (backend === 'cpu' ? 8 : 100); i++) step();
      expect(step().loss).toBeLessThan((backend === 'cpu' ? 0.99 : 0.8) * before!);
      x0.dispose();
      optimizer.dispose();
      model.network.dispose();
    });

    it('changes every weight the same way whether it measures or not, and leaks nothing', () => {
      expectNoLeak(() => {
        const x0 = key.normal<tf.Rank.R4>([8, 4, 4, 1]);
        const runs = [true, false].map((metrics) => {
          const model = smallModel(5);
          const optimizer = adam();
          const counts = [1, 2, 3].map((step) => {
            trainStep(model, { x0, labels }, key.child(step), { optimizer, metrics } as {
              optimizer: typeof optimizer;
            });
            return tf.memory().numTensors;
          });
          expect(new Set(counts).size).toBe(1);
          const weights = weightsOf(model);
          optimizer.dispose();
          model.network.dispose();
          return weights;
        });
        expect(runs[0]).toEqual(runs[1]);
        x0.dispose();
      });
    });
  },
  trainingBackends,
);
