import { ConfigError, RandomKey, sgd, tf } from '@lab/core';
import { describeBackends, expectNoLeak, expectTensorsClose } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import {
  type Gan,
  type TrainStepOptions,
  dcgan,
  ganState,
  generatorAverage,
  gradientPenalty,
  losses,
  r1,
  restoreGan,
  sample,
  smoothLabels,
  trainStep,
  withAverage,
} from '../src/index.ts';
import { disposeTraining, generatorWeights, smallTraining, weightsOf } from './small-gan.ts';
import { trainingBackends } from './training-backends.ts';

const key = RandomKey.fromSeed(8);
const pictures = (count: number) => key.child('real').uniform<tf.Rank.R4>([count, 4, 5, 1]);
const small = (extra: object = {}) =>
  dcgan(key.child('networks'), { latentDim: 3, width: 2, imageShape: [8, 8, 1], ...extra });

const variants: Record<
  string,
  { gan: () => Gan; options: Omit<TrainStepOptions, 'dOptimizer' | 'gOptimizer' | 'metrics'> }
> = {
  leastSquares: { gan: () => small(), options: { loss: losses.leastSquares } },
  'hinge, spectral': { gan: () => small({ dNorm: 'spectral' }), options: { loss: losses.hinge } },
  'WGAN-GP': { gan: () => small({ dNorm: 'none' }), options: { loss: losses.wasserstein, penalty: gradientPenalty() } },
  R1: { gan: () => small({ dNorm: 'none' }), options: { loss: losses.logistic, penalty: r1() } },
  'smoothing, minibatch std': {
    gan: () => small({ minibatchStdDev: true }),
    options: { loss: smoothLabels(losses.logistic), gSteps: 2 },
  },
};

describeBackends(
  'variants of the game',
  () => {
    describe.each(Object.entries(variants))('%s', (_, { gan: make, options }) => {
      it("leaves G untouched by D's step, and D by G's, and leaks nothing", () => {
        const gan = make();
        const real = key.uniform<tf.Rank.R4>([8, 8, 8, 1]);
        const move = { d: sgd({ learningRate: 0.1 }), g: sgd({ learningRate: 0.1 }), none: sgd({ learningRate: 0 }) };
        const noneToo = sgd({ learningRate: 0 });
        const trainable = (weights: readonly tf.LayerVariable[]) =>
          weights.map((weight) => [...weight.read().dataSync()]);

        const before = generatorWeights({ gan });
        const weights = trainable(gan.discriminator.trainableWeights);
        const kept = trainable(gan.generator.trainableWeights);
        trainStep(gan, real, key.child(1), { ...options, dOptimizer: move.d, gOptimizer: move.none });
        expect(trainable(gan.generator.trainableWeights)).toEqual(kept);
        expect(trainable(gan.discriminator.trainableWeights)).not.toEqual(weights);

        const moved = trainable(gan.discriminator.trainableWeights);
        trainStep(gan, real, key.child(2), { ...options, dOptimizer: noneToo, gOptimizer: move.g });
        expect(trainable(gan.discriminator.trainableWeights)).toEqual(moved);
        expect(generatorWeights({ gan })).not.toEqual(before);

        expectNoLeak(() => {
          const last = trainStep(gan, real, key.child(3), { ...options, dOptimizer: move.d, gOptimizer: move.g });
          for (const value of Object.values(last)) expect(Number.isFinite(value)).toBe(true);
        });
        for (const optimizer of [move.d, move.g, move.none, noneToo]) optimizer.dispose();
        for (const model of [gan.generator, gan.discriminator]) model.dispose();
        real.dispose();
      });
    });

    it('D makes k steps on k parts of the batch', () => {
      const parts = smallTraining();
      const real = pictures(8);
      const dSteps = { count: 0 };
      const counted = (optimizer: typeof parts.dOptimizer) => ({
        ...optimizer,
        apply: (...given: Parameters<typeof optimizer.apply>) => {
          dSteps.count += 1;
          optimizer.apply(...given);
        },
      });
      const options = { ...parts, loss: losses.wasserstein, dOptimizer: counted(parts.dOptimizer), dSteps: 4 };
      trainStep(parts.gan, real, key, options);
      expect(dSteps.count).toBe(4);
      expect(parts.gOptimizer.step).toBe(1);
      expect(() => trainStep(parts.gan, real, key, { ...options, dSteps: 3 })).toThrow(
        /multiple of the 3 steps.*not 8/,
      );
      expect(() => trainStep(parts.gan, real, key, { ...options, dSteps: 0 })).toThrow(ConfigError);
      real.dispose();
      disposeTraining(parts);
    });

    it("averages G's weights, lends them for samples, and saves them", async () => {
      const training = smallTraining();
      const { gan } = training;
      const gAverage = generatorAverage(gan, { decay: 0.5 });
      const first = generatorWeights(training);
      const real = pictures(4);
      trainStep(gan, real, key, { ...training, loss: losses.logistic, gAverage });
      const moved = generatorWeights(training);
      const average = withAverage(gan, gAverage, () => generatorWeights(training));
      average.forEach((weight, i) =>
        weight.forEach((value, j) => expect(value).toBeCloseTo((first[i]![j]! + moved[i]![j]!) / 2, 6)),
      );
      expect(generatorWeights(training)).toEqual(moved);

      const state = await ganState({ ...training, gAverage });
      const again = smallTraining(2);
      const restored = generatorAverage(again.gan, { decay: 0.5 });
      await restoreGan({ ...again, gAverage: restored }, state);
      expect(withAverage(again.gan, restored, () => generatorWeights(again))).toEqual(average);
      expect(weightsOf(again)).toEqual(weightsOf(training));
      tf.tidy(() => {
        const lent = withAverage(gan, gAverage, () => sample(gan, key, 2));
        const own = sample(gan, key, 2);
        expect([...lent.dataSync()]).not.toEqual([...own.dataSync()]);
      });
      real.dispose();
      for (const ema of [gAverage, restored]) ema.dispose();
      disposeTraining(training);
      disposeTraining(again);
    });

    it('expects a loss on scores to be told in scores', () => {
      const training = smallTraining();
      const real = pictures(4);
      const { dReal, dFake, dLoss } = trainStep(training.gan, real, key, { ...training, loss: losses.wasserstein });
      tf.tidy(() => expectTensorsClose(tf.scalar(dFake - dReal), dLoss, { absolute: 1e-5 }));
      real.dispose();
      disposeTraining(training);
    });
  },
  trainingBackends,
);
