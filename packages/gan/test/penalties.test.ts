import { ConfigError, RandomKey, sgd, tf } from '@lab/core';
import { describeBackends, expectNoLeak, expectTensorsClose } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import { type Penalty, dcgan, gradientPenalty, losses, r1, trainStep } from '../src/index.ts';
import { goldenTensor } from './golden-noise.ts';
import { readGolden } from './golden.ts';
import { trainingBackends } from './training-backends.ts';

type Wanted = Record<'gradientPenalty' | 'r1', { value: number; gradients: number[][] }> & { slopes: number[] };
type CriticName = 'mlp' | 'conv';

const golden = readGolden<Record<CriticName, Wanted>>('penalties.json');
const shapes: Record<CriticName, number[][]> = {
  mlp: [[64, 6], [6], [6, 5], [5], [5, 1], [1]],
  conv: [[4, 4, 1, 3], [3], [4, 4, 3, 4], [4], [16, 1], [1]],
};
const penalties: readonly Penalty[] = [gradientPenalty(), r1()];

/** The critics of golden/make_golden.py, on images `[B, 8, 8, 1]`. */
function criticOf(name: CriticName): tf.LayersModel {
  const leaky = () => tf.layers.leakyReLU({ alpha: 0.2 });
  const halve = (filters: number) => tf.layers.conv2d({ filters, kernelSize: 4, strides: 2, padding: 'same' });
  const body =
    name === 'mlp'
      ? [tf.layers.flatten(), tf.layers.dense({ units: 6 }), leaky(), tf.layers.dense({ units: 5, activation: 'tanh' })]
      : [halve(3), leaky(), halve(4), leaky(), tf.layers.flatten()];
  const start = tf.layers.inputLayer({ inputShape: [8, 8, 1] });
  const model = tf.sequential({ layers: [start, ...body, tf.layers.dense({ units: 1 })] });
  tf.tidy(() => model.setWeights(shapes[name].map((shape, i) => goldenTensor(shape, 20 + i, 0.5))));
  return model;
}

const inputs = (model: tf.LayersModel) => ({
  critic: (images: tf.Tensor) => model.apply(images, { training: true }) as tf.Tensor,
  real: goldenTensor([4, 8, 8, 1], 30, 0.5, 0.5),
  fake: goldenTensor([4, 8, 8, 1], 31, 0.5, 0.5),
  key: RandomKey.fromSeed(3),
});

describeBackends(
  'penalties',
  () => {
    describe.each(['mlp', 'conv'] as const)('on a critic of kind %s', (kind) => {
      it.each(penalties)('$name and its derivatives equal PyTorch in float64', (penalty) => {
        const model = criticOf(kind);
        const wanted = golden[kind][penalty.name as 'r1'];
        expectNoLeak(() =>
          tf.tidy(() => {
            const given = inputs(model);
            const weights = model.trainableWeights.slice(0, -1).map((weight) => weight.read() as tf.Variable);
            const { value, grads } = tf.variableGrads(() => penalty.value(given), weights);
            expectTensorsClose(value, wanted.value, { relative: 1e-5 });
            weights.forEach(({ name }, i) => {
              expectTensorsClose(grads[name]!, wanted.gradients[i]!, { absolute: 1e-5, relative: 1e-4 });
            });
          }),
        );
        model.dispose();
      });

      it("has the slopes of PyTorch's", () => {
        const model = criticOf(kind);
        tf.tidy(() => {
          const { critic, real } = inputs(model);
          const slopes = tf.grad((x: tf.Tensor) => tf.sum(critic(x)))(real);
          expectTensorsClose(slopes, golden[kind].slopes, { absolute: 1e-6, relative: 1e-5 });
        });
        model.dispose();
      });
    });

    it('every second step, weighs twice: R1', () => {
      const game = () => dcgan(RandomKey.fromSeed(4), { latentDim: 3, width: 2, imageShape: [8, 8, 1], dNorm: 'none' });
      const real = RandomKey.fromSeed(5).uniform([4, 8, 8, 1]);
      const afterSteps = (ofSteps: readonly (Penalty | undefined)[]) => {
        const gan = game();
        const [dOptimizer, gOptimizer] = [sgd({ learningRate: 0.1 }), sgd({ learningRate: 0.1 })];
        ofSteps.forEach((penalty, i) =>
          trainStep(gan, real, RandomKey.fromSeed(i), { loss: losses.logistic, penalty, dOptimizer, gOptimizer }),
        );
        return gan.discriminator.weights.map((weight) => [...weight.read().dataSync()]);
      };
      const lazy = r1({ gamma: 1, every: 2 });
      expect(afterSteps([lazy, lazy, lazy])).toEqual(afterSteps([r1({ gamma: 2 }), undefined, r1({ gamma: 2 })]));
      real.dispose();
    });

    it('the gradient penalty stays finite for a critic without any slope', () => {
      tf.tidy(() => {
        const weight = tf.variable(tf.zeros([64, 1]));
        const critic = (x: tf.Tensor) => tf.matMul(tf.reshape(x, [4, 64]), weight as tf.Tensor2D);
        const [real, fake] = [tf.ones([4, 8, 8, 1]), tf.zeros([4, 8, 8, 1])];
        const key = RandomKey.fromSeed(1);
        const { value, grads } = tf.variableGrads(() => gradientPenalty().value({ critic, real, fake, key }), [weight]);
        expectTensorsClose(value, 10, { relative: 1e-5 });
        expect([...grads[weight.name]!.dataSync()].every(Number.isFinite)).toBe(true);
        weight.dispose();
      });
    });
  },
  trainingBackends,
);

describe('options of penalties', () => {
  it('are checked', () => {
    expect(() => gradientPenalty({ weight: -1 })).toThrow(ConfigError);
    expect(() => gradientPenalty({ lambda: 10 } as object)).toThrow(/one of/);
    expect(() => r1({ gamma: Number.NaN })).toThrow(/gamma/);
    expect(() => r1({ every: 0 })).toThrow(/every/);
  });
});
