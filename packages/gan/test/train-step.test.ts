import { ConfigError, RandomKey, sgd, tf } from '@lab/core';
import { describeBackends, expectNoLeak } from '@lab/core/testing';
import { expect, it } from 'vitest';
import { type Gan, type StepMetrics, goodfellow, losses, trainStep } from '../src/index.ts';
import { denseChainOf } from '../src/dense-chain.ts';
import { makeMoves } from '../src/train-step.ts';
import { trainingBackends } from './training-backends.ts';
import { discriminatorWeights, disposeTraining, generatorWeights, smallTraining, weightsOf } from './small-gan.ts';

const key = RandomKey.fromSeed(3);

/** The same networks and weights, each activation a layer of its own. */
function withSeparateActivations(gan: Gan): Gan {
  const [generator, discriminator] = [gan.generator, gan.discriminator].map((model) => {
    const copy = tf.sequential({ layers: model.layers.flatMap((layer) => separated(layer, model)) });
    copy.setWeights(model.getWeights());
    return copy;
  });
  return { ...gan, generator: generator!, discriminator: discriminator! };
}

function separated(layer: tf.layers.Layer, model: tf.LayersModel): tf.layers.Layer[] {
  const { activation, units, targetShape } = layer.getConfig() as {
    activation: 'relu';
    units: number;
    targetShape: number[];
  };
  const kind = layer.getClassName();
  if (kind === 'InputLayer') return [tf.layers.inputLayer({ inputShape: model.inputs[0]!.shape.slice(1) })];
  if (kind === 'Flatten') return [tf.layers.flatten()];
  if (kind === 'Reshape') return [tf.layers.reshape({ targetShape })];
  return [tf.layers.dense({ units }), tf.layers.activation({ activation })];
}

describeBackends(
  'trainStep',
  () => {
    const realSmall = () => key.uniform<tf.Rank.R4>([4, 4, 5, 1]);

    it("leaves G untouched by D's move, and D by G's", () => {
      const training = smallTraining();
      const real = realSmall();
      const still = sgd({ learningRate: 0 });
      const before = { g: generatorWeights(training), d: discriminatorWeights(training) };

      trainStep(training.gan, real, key, {
        loss: losses.logistic,
        dOptimizer: training.dOptimizer,
        gOptimizer: still,
      });
      expect(generatorWeights(training)).toEqual(before.g);
      expect(discriminatorWeights(training)).not.toEqual(before.d);

      const moved = discriminatorWeights(training);
      const stillToo = sgd({ learningRate: 0 });
      trainStep(training.gan, real, key, {
        loss: losses.logistic,
        dOptimizer: stillToo,
        gOptimizer: training.gOptimizer,
      });
      expect(discriminatorWeights(training)).toEqual(moved);
      expect(generatorWeights(training)).not.toEqual(before.g);
      for (const optimizer of [still, stillToo]) optimizer.dispose();
      real.dispose();
      disposeTraining(training);
    });

    it('gives the two moves different latents, and G the D that has moved', () => {
      const training = smallTraining();
      const real = realSmall();
      const drawn: number[][] = [];
      const noise = () => {
        const z = key.child(drawn.length).normal<tf.Rank.R2>([4, 3]);
        drawn.push([...z.dataSync()]);
        drawn.push(discriminatorWeights(training).flatMap((w) => [...w]));
        return z;
      };
      tf.tidy(() =>
        makeMoves(training.gan, [{ images: real, condition: undefined }], noise, {
          ...training,
          loss: losses.logistic,
          metrics: false,
          key,
        }),
      );
      expect(drawn[0]).not.toEqual(drawn[2]);
      expect(drawn[1]).not.toEqual(drawn[3]);
      real.dispose();
      disposeTraining(training);
    });

    it('changes the weights the same whether it measures or not', () => {
      const [measuring, blind] = [smallTraining(), smallTraining()];
      const real = realSmall();
      for (let step = 1; step <= 3; step++) {
        expect(trainStep(measuring.gan, real, key.child(step), { ...measuring, loss: losses.logistic })).toBeDefined();
        const options = { ...blind, loss: losses.logistic, metrics: false } as const;
        expect(trainStep(blind.gan, real, key.child(step), options)).toBeUndefined();
      }
      expect(weightsOf(blind)).toEqual(weightsOf(measuring));
      real.dispose();
      disposeTraining(measuring);
      disposeTraining(blind);
    });

    it.each(Object.values(losses))('with $name gives the same bits for the same seed, and leaks nothing', (loss) => {
      expectNoLeak(() => {
        const real = realSmall();
        const runs = [smallTraining(), smallTraining()].map((training) => {
          for (let step = 1; step <= 3; step++) trainStep(training.gan, real, key.child(step), { ...training, loss });
          const weights = weightsOf(training);
          disposeTraining(training);
          return weights;
        });
        expect(runs[0]).toEqual(runs[1]);
        real.dispose();
      });
    });

    it('keeps the number of tensors constant from step to step, with networks of any layers', () => {
      const gan = goodfellow(key, { generatorUnits: 6, maxoutUnits: 4, maxoutPieces: 2 });
      const training = { gan, dOptimizer: sgd(), gOptimizer: sgd() };
      const real = key.uniform([3, 28, 28, 1]);
      const counts = [1, 2, 3].map((step) => {
        trainStep(gan, real, key.child(step), { ...training, loss: losses.logistic, metrics: step !== 3 } as never);
        return tf.memory().numTensors;
      });
      expect(new Set(counts).size).toBe(1);
      real.dispose();
      disposeTraining(training);
    });

    it('takes few kernel calls for the reference networks', async () => {
      const training = smallTraining();
      const real = realSmall();
      const options = { loss: losses.logistic, dOptimizer: sgd(), gOptimizer: sgd(), metrics: false } as const;
      const { kernels } = await tf.profile(() => {
        trainStep(training.gan, real, key, options);
        return [];
      });
      // 3 or 4 of them for each of the 8 weights by plain gradient descent, the rest of the moves: simd has kernels of dense layers.
      expect(kernels.length).toBeLessThanOrEqual(tf.getBackend() === 'simd' ? 55 : 38 + 4 * 8 + 4);
      real.dispose();
      disposeTraining(training);
    });

    it('rejects images of another shape, and says which it wants', () => {
      const training = smallTraining();
      const before = weightsOf(training);
      const wrong = key.uniform([4, 5, 4, 1]);
      const step = () => trainStep(training.gan, wrong, key, { ...training, loss: losses.logistic });
      expect(step).toThrow(ConfigError);
      expect(step).toThrow(/\[B, 4, 5, 1\].*\[4, 5, 4, 1\]/);
      expect(weightsOf(training)).toEqual(before);
      wrong.dispose();
      disposeTraining(training);
    });

    it('does by tape, for layers that are no dense chain, what it does by hand', () => {
      const byHand = smallTraining();
      const byTape = { ...smallTraining(), gan: withSeparateActivations(byHand.gan) };
      expect(denseChainOf(byTape.gan.generator)).toBeUndefined();
      const real = realSmall();
      for (let step = 1; step <= 3; step++) {
        const [hand, tape] = [byHand, byTape].map((training) =>
          trainStep(training.gan, real, key.child(step), { ...training, loss: losses.logistic }),
        );
        for (const name of Object.keys(hand!) as (keyof StepMetrics)[]) expect(tape![name]).toBeCloseTo(hand![name], 4);
      }
      const [hand, tape] = [byHand, byTape].map(weightsOf);
      hand!.forEach((weight, i) => weight.forEach((value, j) => expect(tape![i]![j]).toBeCloseTo(value, 3)));
      real.dispose();
      disposeTraining(byHand);
      disposeTraining(byTape);
    });

    it('lets a loss of one’s own in: least squares', () => {
      const training = smallTraining();
      const real = realSmall();
      const leastSquares = {
        name: 'leastSquares',
        on: 'logits',
        discriminator: (r: tf.Tensor, f: tf.Tensor) =>
          tf.add(tf.mean(tf.square(tf.sub(r, 1))), tf.mean(tf.square(f))) as tf.Scalar,
        generator: (f: tf.Tensor) => tf.mean(tf.square(tf.sub(f, 1))) as tf.Scalar,
      } as const;
      const first = trainStep(training.gan, real, key, { ...training, loss: leastSquares });
      for (let i = 0; i < 20; i++)
        trainStep(training.gan, real, key, { ...training, loss: leastSquares, metrics: false });
      const last = trainStep(training.gan, real, key, { ...training, loss: leastSquares });
      expect(last.dLoss).toBeLessThan(first.dLoss);
      real.dispose();
      disposeTraining(training);
    });
  },
  trainingBackends,
);
