import { expect, it } from 'vitest';
import { ConfigError, RandomKey, tf } from '../src/index.ts';
import { FusedConv2D, GroupNormalization, NearestUpsampling, SelfAttention, TimeFeatures } from '../src/layers.ts';
import { describeBackends, expectTensorsClose } from '../src/testing.ts';

const key = RandomKey.fromSeed(11);
const random = (name: string, shape: number[]): tf.Tensor => key.child(name).normal(shape);

describeBackends(
  'the layers',
  () => {
    it('come back from a saved model with their options', async () => {
      const input = tf.input({ shape: [4, 4, 6] });
      const layers = [
        new GroupNormalization({ groups: 3, epsilon: 1e-4, activation: 'silu' }),
        new SelfAttention({ heads: 2 }),
        new NearestUpsampling({ factor: 3 }),
        new FusedConv2D({ filters: 5, kernelSize: 3, activation: 'relu' }),
      ];
      const output = layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, input);
      const model = tf.model({ inputs: input, outputs: output });
      expect(output.shape).toEqual([null, 10, 10, 5]);
      const config = JSON.parse(JSON.stringify(model.toJSON(undefined, false))) as tf.io.ModelJSON;
      const again = await tf.models.modelFromJSON(config as never);
      expect(again.toJSON()).toEqual(model.toJSON());
      const time = new TimeFeatures({ features: 8, maxPeriod: 50 });
      expect(TimeFeatures.fromConfig(TimeFeatures, time.getConfig()).getConfig()).toEqual(time.getConfig());
      model.dispose();
      again.dispose();
    });

    it('computes what it cannot fuse as tfjs-layers does', () => {
      tf.tidy(() => {
        const args = { filters: 3, kernelSize: 3, dilationRate: 2, activation: 'tanh' as const };
        const [ours, theirs] = [new FusedConv2D(args), tf.layers.conv2d(args)];
        const x = random('x', [1, 7, 7, 2]);
        const values = [ours, theirs].map((layer) => {
          layer.build(x.shape);
          layer.setWeights([random('kernel', [3, 3, 2, 3]), random('bias', [3])]);
          return layer.apply(x) as tf.Tensor;
        });
        expectTensorsClose(values[0]!, values[1]!);
      });
    });

    it.each<[string, () => unknown, RegExp]>([
      ['no groups', () => new GroupNormalization({ groups: 0 }), /groups must be an integer at least 1/],
      ['epsilon 0', () => new GroupNormalization({ groups: 1, epsilon: 0 }), /epsilon/],
      [
        'an activation',
        () => new GroupNormalization({ groups: 1, activation: 'swish' as never }),
        /activation.*'silu'/,
      ],
      [
        'groups that do not divide',
        () => new GroupNormalization({ name: 'n', groups: 4 }).build([null, 2, 2, 6]),
        /groups of n must be a divisor of the 6 channels, not 4/,
      ],
      ['heads that do not divide', () => new SelfAttention({ heads: 2 }).build([null, 2, 2, 9]), /heads of/],
      ['odd features', () => new TimeFeatures({ features: 3 }), /features must be an even number, not 3/],
      ['a factor of a half', () => new NearestUpsampling({ factor: 0.5 }), /factor/],
    ])('refuse %s', (_, make, message) => {
      expect(make).toThrow(ConfigError);
      expect(make).toThrow(message);
    });
  },
  ['cpu'],
);
