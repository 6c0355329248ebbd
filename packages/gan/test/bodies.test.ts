import { ConfigError, RandomKey, tf } from '@lab/core';
import { expectNoLeak, expectTensorsClose } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import {
  MinibatchStdDev,
  SpectralConv2D,
  SpectralDense,
  dcgan,
  losses,
  normaliseSpectra,
  sample,
} from '../src/index.ts';
import { discriminatorMove, generatorMove } from '../src/play.ts';
import { onCpu } from './cpu.ts';

const key = RandomKey.fromSeed(4);

onCpu();

describe('dcgan', () => {
  it('paints pictures of its shape with values in [0, 1], and judges them', () => {
    const gan = dcgan(key, { width: 2 });
    expectNoLeak(() =>
      tf.tidy(() => {
        const images = sample(gan, key, 3);
        expect(images.shape).toEqual([3, 28, 28, 1]);
        expect(tf.min(images).dataSync()[0]).toBeGreaterThanOrEqual(0);
        expect(tf.max(images).dataSync()[0]).toBeLessThanOrEqual(1);
        expect((gan.discriminator.predict(images) as tf.Tensor).shape).toEqual([3, 1]);
      }),
    );
    gan.generator.dispose();
    gan.discriminator.dispose();
  });

  it('keeps what its layers remember out of the other player’s move', () => {
    const gan = dcgan(key, { width: 2, imageShape: [8, 8, 1], latentDim: 3 });
    const statistics = (model: tf.LayersModel) =>
      model.nonTrainableWeights.map((weight) => [...weight.read().dataSync()]);
    tf.tidy(() => {
      const [z, real] = [key.normal<tf.Rank.R2>([4, 3]), key.uniform([4, 8, 8, 1])];
      const before = { g: statistics(gan.generator), d: statistics(gan.discriminator) };
      discriminatorMove(gan, { images: real, condition: undefined }, z, { loss: losses.logistic, key });
      expect(statistics(gan.generator)).toEqual(before.g);
      expect(statistics(gan.discriminator)).not.toEqual(before.d);
      const moved = statistics(gan.discriminator);
      generatorMove(gan, z, undefined, losses.logistic);
      expect(statistics(gan.discriminator)).toEqual(moved);
      expect(statistics(gan.generator)).not.toEqual(before.g);
    });
  });

  it.each([
    [{ width: 0 }, /width.*at least 1/],
    [{ imageShape: [30, 28, 1] }, /imageShape.*multiples of 4/],
    [{ dNorm: 'layer' }, /dNorm.*'batch'/],
    [{ minibatchStd: true }, /Did you mean 'minibatchStdDev'/],
  ])('refuses %o', (options, message) => {
    expect(() => dcgan(key, options as object)).toThrow(ConfigError);
    expect(() => dcgan(key, options as object)).toThrow(message);
  });
});

describe('spectral normalisation', () => {
  it('divides a kernel by its largest singular value', () => {
    const layer = new SpectralDense({ units: 3, name: 'spectral' });
    const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [3] }), layer] });
    tf.tidy(() =>
      (layer.trainableWeights[0]!.read() as tf.Variable).assign(
        tf.tensor2d([
          [4, 0, 0],
          [0, -2, 0],
          [0, 0, 1],
        ]),
      ),
    );
    for (let i = 0; i < 30; i++) normaliseSpectra(model);
    tf.tidy(() => {
      const out = model.predict(tf.tensor2d([[1, 1, 1]])) as tf.Tensor;
      expectTensorsClose(out, [1, -0.5, 0.25]);
    });
    model.dispose();
  });

  it('has the gradient of W / sigma(W), sigma = left^T W right with both held', () => {
    const layer = new SpectralDense({ units: 2, name: 'held' });
    const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [3] }), layer] });
    const [kernel, , left, right] = model.weights.map((weight) => weight.read() as tf.Variable);
    tf.tidy(() => {
      const x = key.normal<tf.Rank.R2>([4, 3]);
      const found = tf.variableGrads(() => tf.sum(tf.square(model.apply(x) as tf.Tensor)) as tf.Scalar, [kernel!]);
      const plain = (w: tf.Tensor) => {
        const sigma = tf.sum(
          tf.mul(w, tf.matMul(left as unknown as tf.Tensor2D, right as unknown as tf.Tensor2D, false, true)),
        );
        return tf.sum(tf.square(tf.matMul(x, tf.div(w, sigma) as tf.Tensor2D)));
      };
      expectTensorsClose(found.grads[kernel!.name]!, tf.grad(plain)(tf.clone(kernel!)), { absolute: 1e-5 });
    });
    model.dispose();
  });

  it('lengthens no difference, in a convolution neither, whose model loads again', async () => {
    const layer = new SpectralConv2D({ filters: 3, kernelSize: 4, strides: 2, name: 'spectral_conv' });
    const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [8, 8, 2] }), layer] });
    for (let i = 0; i < 20; i++) normaliseSpectra(model);
    const again = await tf.models.modelFromJSON(model.toJSON(undefined, false) as never);
    tf.tidy(() => {
      again.setWeights(model.getWeights());
      const x = key.normal<tf.Rank.R4>([2, 8, 8, 2]);
      expectTensorsClose(again.predict(x) as tf.Tensor, model.predict(x) as tf.Tensor);
    });
    model.dispose();
    again.dispose();
  });
});

describe('MinibatchStdDev', () => {
  it('adds the mean standard deviation of each group as a channel', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([
        [1, 5],
        [3, 5],
        [0, 0],
        [0, 8],
      ]);
      const layer = new MinibatchStdDev({ groupSize: 2 });
      // Groups of two: deviations (1, 0) and (0, 4), whose means are .5 and 2.
      expectTensorsClose(layer.apply(x) as tf.Tensor, [1, 5, 0.5, 3, 5, 0.5, 0, 0, 2, 0, 8, 2], { absolute: 1e-3 });
      expect(() => layer.apply(tf.ones([3, 2]))).toThrow(/multiple of 2/);
    });
  });

  it('fills the channel of an image', () => {
    tf.tidy(() => {
      const out = new MinibatchStdDev().apply(key.normal([8, 3, 3, 2])) as tf.Tensor;
      expect(out.shape).toEqual([8, 3, 3, 3]);
    });
  });
});
