import { ConfigError, RandomKey, sgd, tf } from '@lab/core';
import { describeBackends, expectNoLeak, expectTensorsClose } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import {
  type Gan,
  KeyedDropout,
  SpectralDense,
  type TrainStepOptions,
  dcgan,
  ganState,
  generatorAverage,
  gradientPenalty,
  losses,
  r1,
  restoreGan,
  sample,
  sampleFrom,
  smoothLabels,
  trainGan,
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

    it("lends the average's weights until a promise is settled, and no longer", async () => {
      const training = smallTraining();
      const { gan } = training;
      const gAverage = generatorAverage(gan, { decay: 0.5 });
      const real = pictures(4);
      trainStep(gan, real, key, { ...training, loss: losses.logistic, gAverage });
      const moved = generatorWeights(training);
      const average = withAverage(gan, gAverage, () => generatorWeights(training));
      const afterATurn = async () => {
        await Promise.resolve();
        return generatorWeights(training);
      };
      expect(await withAverage(gan, gAverage, afterATurn)).toEqual(average);
      expect(generatorWeights(training)).toEqual(moved);
      await expect(withAverage(gan, gAverage, () => Promise.reject(new Error('late')))).rejects.toThrow('late');
      expect(generatorWeights(training)).toEqual(moved);
      expect(() =>
        withAverage(gan, gAverage, () => {
          throw new Error('early');
        }),
      ).toThrow('early');
      expect(generatorWeights(training)).toEqual(moved);
      tf.dispose(real);
      gAverage.dispose();
      disposeTraining(training);
    });

    it('refuses one optimizer for both, and measures where `metrics` is undefined', () => {
      const training = smallTraining();
      const real = pictures(4);
      const options = { ...training, loss: losses.logistic };
      const undecided = { ...options, metrics: undefined } as unknown as typeof options;
      expect(trainStep(training.gan, real, key, undecided)).toHaveProperty('dLoss');
      const before = weightsOf(training);
      const shared = { ...options, gOptimizer: training.dOptimizer };
      expect(() => trainStep(training.gan, real, key, shared)).toThrow(/gOptimizer must be an optimizer of its own/);
      expect(weightsOf(training)).toEqual(before);
      real.dispose();
      disposeTraining(training);
    });

    it('refuses a batch that makes no whole groups, and leaves nothing behind', async () => {
      const gan = small({ minibatchStdDev: true });
      const options = {
        loss: losses.logistic,
        dOptimizer: sgd({ learningRate: 0 }),
        gOptimizer: sgd({ learningRate: 0 }),
      };
      const batch = { data: key.uniformArray(3 * 64), shape: [3, 8, 8, 1] };
      await expectNoLeak(async () => {
        const training = trainGan(gan, [batch], { ...options, key });
        await expect(training.next()).rejects.toThrow(/multiple of 4/);
      });
      gan.generator.dispose();
      gan.discriminator.dispose();
    });

    it('takes pictures and latents in whole numbers', () => {
      const training = smallTraining();
      tf.tidy(() => {
        const whole = tf.cast(key.uniform<tf.Rank.R4>([4, 4, 5, 1], 0, 1.99), 'int32');
        const still = {
          loss: losses.logistic,
          dOptimizer: sgd({ learningRate: 0 }),
          gOptimizer: sgd({ learningRate: 0 }),
        };
        const [ofWhole, ofFloat] = [whole, tf.cast(whole, 'float32')].map((real) =>
          trainStep(training.gan, real, key, still),
        );
        expect(ofWhole).toEqual(ofFloat);
        const latents = tf.tensor2d([[1, -2, 0]], [1, 3], 'int32');
        expectTensorsClose(sampleFrom(training.gan, latents), sampleFrom(training.gan, tf.cast(latents, 'float32')));
      });
      disposeTraining(training);
    });

    it('finds the layers that need looking after in a model inside D, too', () => {
      const kernel = tf.initializers.constant({ value: 0.1 });
      const inner: Record<string, () => tf.layers.Layer[]> = {
        norm: () => [tf.layers.batchNormalization({})],
        spectral: () => [new SpectralDense({ units: 3, kernelInitializer: kernel, name: 'spectral' })],
        dropout: () => [new KeyedDropout({ keep: 0.5 })],
      };
      for (const layers of Object.values(inner)) {
        const [flat, nested] = [false, true].map((isNested) => {
          const { gan } = smallTraining();
          const flatten = tf.layers.flatten({ inputShape: [4, 5, 1] });
          const chain = [flatten, ...layers()];
          const head = tf.layers.dense({ units: 1, kernelInitializer: kernel });
          const body = isNested ? [tf.sequential({ layers: chain })] : chain;
          const discriminator = tf.sequential({ layers: [...body, head] });
          const options = {
            loss: losses.logistic,
            dOptimizer: sgd({ learningRate: 1 }),
            gOptimizer: sgd({ learningRate: 0 }),
          };
          const real = pictures(4);
          const steps = [1, 2, 3].map((step) => trainStep({ ...gan, discriminator }, real, key.child(step), options));
          real.dispose();
          return steps;
        });
        expect(nested).toEqual(flat);
      }
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
