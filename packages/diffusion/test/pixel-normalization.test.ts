import { RandomKey, tf } from '@lab/core';
import { expectTensorsClose } from '@lab/core/testing';
import { expect, it } from 'vitest';
import { PixelNormalization } from '../src/index.ts';
import { onSimd } from './on-simd.ts';

onSimd();

it('normalises the channels of every pixel as the layer norm of tfjs does, with the same gradient', () => {
  const key = RandomKey.fromSeed(81);
  tf.tidy(() => {
    const x = key.normal<tf.Rank.R4>([2, 3, 3, 8], 1, 2);
    const weights = key.child('weights').normal<tf.Rank.R4>([2, 3, 3, 8]);
    const [ours, theirs] = [new PixelNormalization(), tf.layers.layerNormalization({ epsilon: 1e-5 })].map((layer) => {
      const value = layer.apply(x) as tf.Tensor;
      layer.setWeights([key.child('gamma').normal([8]), key.child('beta').normal([8])]);
      const gradient = tf.grad((input) => tf.sum(tf.mul(weights, layer.apply(input) as tf.Tensor)))(x);
      return { shape: value.shape, output: layer.apply(x) as tf.Tensor, gradient };
    });
    expect(ours!.shape).toEqual([2, 3, 3, 8]);
    expectTensorsClose(ours!.output, theirs!.output, { absolute: 1e-5 });
    expectTensorsClose(ours!.gradient, theirs!.gradient, { absolute: 1e-5 });
  });
});
