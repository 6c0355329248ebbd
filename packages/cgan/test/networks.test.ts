import { ConfigError, RandomKey, adam, sgd, tf } from '@lab/core';
import { describeBackends, expectNoLeak, expectTensorsClose } from '@lab/core/testing';
import { ganState, losses, restoreGan, trainGan, trainStep } from '@lab/gan';
import { describe, expect, it } from 'vitest';
import { convolutionalCgan, mirza, mirzaOptimizers, referenceCgan, sample } from '../src/index.ts';
import { dispose, kinds, weightsOf } from './small-cgan.ts';
import { trainingBackends } from './training-backends.ts';

const key = RandomKey.fromSeed(6);
const labels = [0, 2, 1, 0];
const still = () => sgd({ learningRate: 0 });
const moving = () => sgd({ learningRate: 0.05 });

describeBackends(
  'conditional networks',
  () => {
    it('keep their own default where `dNorm` is undefined', () => {
      const options = { classes: 3, latentDim: 4, width: 2, imageShape: [8, 8, 1] as [number, number, number] };
      const [left, undecided] = [options, { ...options, dNorm: undefined }].map((given) => {
        const gan = convolutionalCgan(key, given as typeof options);
        const classNames = gan.discriminator.layers.map((layer) => layer.getClassName());
        dispose(gan);
        return classNames;
      });
      expect(left).toContain('SpectralConv2D');
      expect(undecided).toEqual(left);
    });

    describe.each(Object.entries(kinds))('%s', (_, { make, shape }) => {
      it("leaves G's weights untouched by D's step, and D's by G's, and leaks nothing", () => {
        const gan = make();
        const real = { images: key.uniform([4, ...shape]), labels };
        const trainable = (model: tf.LayersModel) =>
          model.trainableWeights.map((weight) => [...weight.read().dataSync()]);
        const [g, d] = [trainable(gan.generator), trainable(gan.discriminator)];
        trainStep(gan, real, key.child(1), { loss: losses.logistic, dOptimizer: moving(), gOptimizer: still() });
        expect(trainable(gan.generator)).toEqual(g);
        const moved = trainable(gan.discriminator);
        expect(moved).not.toEqual(d);
        trainStep(gan, real, key.child(2), { loss: losses.logistic, dOptimizer: still(), gOptimizer: moving() });
        expect(trainable(gan.discriminator)).toEqual(moved);
        expect(trainable(gan.generator)).not.toEqual(g);

        expectNoLeak(() => {
          const options = { loss: losses.hinge, dOptimizer: still(), gOptimizer: still() };
          const metrics = trainStep(gan, real, key.child(3), options);
          for (const value of Object.values(metrics)) expect(Number.isFinite(value)).toBe(true);
          for (const optimizer of [options.dOptimizer, options.gOptimizer]) optimizer.dispose();
        });
        real.images.dispose();
        dispose(gan);
      });

      it('resumes to the bit', async () => {
        const batch = { data: key.uniformArray(4 * shape[0] * shape[1]), shape: [4, ...shape], labels };
        const start = () => ({ gan: make(), dOptimizer: moving(), gOptimizer: moving() });
        const run = async (training: ReturnType<typeof start>, startStep: number, steps: number) => {
          const batches = Array.from({ length: steps - startStep }, () => batch);
          for await (const _step of trainGan(training.gan, batches, {
            ...training,
            loss: losses.logistic,
            key,
            startStep,
            steps,
          })) {
            // Each step is made when it is asked for.
          }
        };
        const [whole, first, second] = [start(), start(), start()];
        await run(whole, 0, 4);
        await run(first, 0, 2);
        await restoreGan(second, await ganState(first));
        await run(second, 2, 4);
        expect(weightsOf(second.gan.generator)).toEqual(weightsOf(whole.gan.generator));
        expect(weightsOf(second.gan.discriminator)).toEqual(weightsOf(whole.gan.discriminator));
        for (const { gan } of [whole, first, second]) dispose(gan);
      });
    });

    it('the reference networks are differentiated by hand as the tape does it', () => {
      const { make, shape } = kinds['reference']!;
      const [byHand, byTape] = [make(), make()];
      // A layer that changes nothing, and that only the tape knows.
      const { generator, discriminator } = byTape;
      const [z, label] = generator.inputs as [tf.SymbolicTensor, tf.SymbolicTensor];
      const same = tf.layers.activation({ activation: 'linear' }).apply(generator.outputs[0]!) as tf.SymbolicTensor;
      const alike = tf.layers
        .activation({ activation: 'linear' })
        .apply(discriminator.outputs[0]!) as tf.SymbolicTensor;
      const taped = {
        ...byTape,
        generator: tf.model({ inputs: [z, label], outputs: same }),
        discriminator: tf.model({ inputs: discriminator.inputs, outputs: alike }),
      };
      const real = { images: key.uniform([4, ...shape]), labels };
      for (let step = 1; step <= 3; step++) {
        const options = () => ({ loss: losses.logistic, dOptimizer: moving(), gOptimizer: moving() });
        const hand = trainStep(byHand, real, key.child(step), options());
        const tape = trainStep(taped, real, key.child(step), options());
        for (const name of Object.keys(hand) as (keyof typeof hand)[]) expect(tape[name]).toBeCloseTo(hand[name], 5);
      }
      const [hand, tape] = [byHand, byTape].map(({ generator: g, discriminator: d }) => [
        ...weightsOf(g),
        ...weightsOf(d),
      ]);
      hand!.forEach((weight, i) => weight.forEach((value, j) => expect(tape![i]![j]).toBeCloseTo(value, 5)));
      real.images.dispose();
      for (const gan of [byHand, byTape]) dispose(gan);
    });

    it('learn which class is which: dark and light', async () => {
      const gan = referenceCgan(key, { classes: 2, latentDim: 2, hidden: 16, imageShape: [2, 2, 1] });
      const batches = Array.from({ length: 400 }, (_, step) => {
        const noise = key.child('noise').child(step).uniformArray(64, -0.05, 0.05);
        const sixteen = Array.from({ length: 16 }, (_label, i) => i % 2);
        return {
          data: noise.map((value, i) => 0.2 + 0.6 * sixteen[Math.floor(i / 4)]! + value),
          shape: [16, 2, 2, 1],
          labels: sixteen,
        };
      });
      const rates = { dOptimizer: adam({ learningRate: 0.01 }), gOptimizer: adam({ learningRate: 0.01 }) };
      for await (const _step of trainGan(gan, batches, { ...rates, loss: losses.logistic, key, metricsEvery: 400 })) {
        // Only the result is looked at.
      }
      tf.tidy(() => {
        const [dark, light] = [0, 1].map((label) => tf.mean(sample(gan, { label, count: 32 })).dataSync()[0]!);
        expect(light! - dark!).toBeGreaterThan(0.2);
      });
      dispose(gan);
    });
  },
  trainingBackends,
);

describe('networks', () => {
  it('have the sizes of their sources', () => {
    const count = (model: tf.LayersModel) => model.countParams();
    const reference = referenceCgan(key);
    expect(count(reference.generator)).toBe(110 * 128 + 128 + 128 * 784 + 784);
    expect(count(reference.discriminator)).toBe(794 * 128 + 128 + 128 + 1);
    const paper = mirza(key);
    expect(count(paper.generator)).toBe(101 * 200 + 11 * 1000 + 1201 * 1200 + 1201 * 784);
    expect(count(paper.discriminator)).toBe(785 * 1200 + 11 * 250 + 291 * 960 + 241);
    for (const gan of [reference, paper]) dispose(gan);
  });

  it('follow the schedules of the paper', () => {
    const { dOptimizer, gOptimizer } = mirzaOptimizers();
    expect([dOptimizer.step, gOptimizer.step]).toEqual([0, 0]);
    const variable = tf.variable(tf.scalar(0));
    dOptimizer.apply({ [variable.name]: tf.scalar(1) }, [variable]);
    tf.tidy(() => expectTensorsClose(variable, -0.1 / 1.00004, { absolute: 1e-7 }));
    variable.dispose();
  });

  it.each([
    [() => referenceCgan(key, { classes: 1 }), /classes.*at least 2/],
    [() => referenceCgan(key, { hiden: 3 } as object), /Did you mean 'hidden'/],
    [() => mirza(key, { shrink: 0.5 }), /shrink/],
    [() => convolutionalCgan(key, { discriminator: 'projektion' as 'projection' }), /Did you mean 'projection'/],
    [() => convolutionalCgan(key, { imageShape: [30, 30, 1] }), /multiples of 4/],
  ])('refuse what they cannot do: %#', (make, message) => {
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });

  it('need a label for each image', () => {
    const gan = kinds['reference']!.make();
    const images = key.uniform([4, 4, 5, 1]);
    const options = { loss: losses.logistic, dOptimizer: moving(), gOptimizer: moving() };
    expect(() => trainStep(gan, images, key, options)).toThrow(/number of labels.*4, one an image/);
    expect(() => trainStep(gan, { images, labels: [0, 1] }, key, options)).toThrow(ConfigError);
    expect(() => trainStep(gan, { images, labels: [0, 1, 2, 3] }, key, options)).toThrow(/label.*0 to 2, not 3/);
    images.dispose();
    dispose(gan);
  });
});
