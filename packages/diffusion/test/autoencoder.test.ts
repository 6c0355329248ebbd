import { adam, ConfigError, DivergenceError, RandomKey, tf } from '@lab/core';
import { expectNoLeak, expectTensorsClose } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import {
  autoencoder,
  autoencoderLosses,
  type AutoencoderOptions,
  autoencoderVariables,
  drawOf,
  klDivergence,
  posteriorOf,
  trainAutoencoder,
} from '../src/index.ts';
import { readGolden } from './golden.ts';
import { onSimd } from './on-simd.ts';
import { smallAutoencoder } from './small-autoencoder.ts';
import { bars } from './small-model.ts';

onSimd();

const key = RandomKey.fromSeed(71);

describe('the divergence of a posterior', () => {
  it('is what NumPy integrates it to', () => {
    const { mean, logVariance, divergence } = readGolden<Record<string, number[]>>('kl.json');
    expectNoLeak(() => {
      tf.tidy(() => {
        const posterior = {
          mean: tf.tensor4d(mean!, [3, 1, 2, 1]),
          logVariance: tf.tensor4d(logVariance!, [3, 1, 2, 1]),
        };
        expectTensorsClose(klDivergence(posterior), tf.tensor1d(divergence!), { relative: 1e-5, absolute: 1e-6 });
      });
    });
  });

  it('is 0 for the standard normal distribution, and a draw has the mean and the deviation', () => {
    tf.tidy(() => {
      const zero = tf.zeros<tf.Rank.R4>([2, 2, 2, 1]);
      expectTensorsClose(klDivergence({ mean: zero, logVariance: zero }), tf.zeros([2]));
      const noise = key.normal<tf.Rank.R4>([2, 2, 2, 1]);
      const posterior = { mean: tf.onesLike(zero), logVariance: tf.fill<tf.Rank.R4>([2, 2, 2, 1], 2 * Math.log(3)) };
      expectTensorsClose(drawOf(posterior, noise), tf.add(1, tf.mul(3, noise)), { absolute: 1e-5 });
    });
  });
});

describe('the autoencoder', () => {
  it('makes 28x28 pictures 7x7x4, and back', () => {
    const { encoder, decoder } = autoencoder(key);
    expect(encoder.outputs[0]!.shape).toEqual([null, 7, 7, 8]);
    expect(decoder.inputs[0]!.shape).toEqual([null, 7, 7, 4]);
    expect(decoder.outputs[0]!.shape).toEqual([null, 28, 28, 1]);
    encoder.dispose();
    decoder.dispose();
  });

  it.each([
    [{ imageSize: 30 }, /imageSize must be a multiple of 4/],
    [{ widths: [8] }, /widths must be two of them or more/],
    [{ widths: [8, 12] }, /widths\[1\] must be a multiple of 8/],
    [{ latentChannels: 0 }, /latentChannels/],
    [{ latentChanels: 4 }, /latentChanels/],
  ])('refuses %o', (options, message) => {
    expect(() => autoencoder(key, options as AutoencoderOptions)).toThrow(message);
  });

  it('learns, the same way from the same key, and keeps no tensors', async () => {
    const curve = async () => {
      const small = smallAutoencoder();
      const optimizer = adam({ learningRate: 5e-3 });
      const before = tf.memory().numTensors;
      const losses: number[] = [];
      const options = { optimizer, key, klWeight: 0.001, metricsEvery: 20 };
      for await (const { step, loss, reconstruction, divergence } of trainAutoencoder(small, bars(160), options)) {
        losses.push(loss);
        expect(loss).toBeCloseTo(reconstruction + 0.001 * divergence, 5);
        if (step === 20) expect(optimizer.step).toBe(20);
      }
      const kept = tf.memory().numTensors - before;
      // An optimiser's two averages of every weight, and nothing else.
      expect(kept).toBe(2 * autoencoderVariables(small).length);
      optimizer.dispose();
      small.encoder.dispose();
      small.decoder.dispose();
      return losses;
    };
    const losses = await curve();
    expect(losses).toHaveLength(8);
    expect(losses.at(-1)).toBeLessThan(0.15 * losses[0]!);
    expect(await curve()).toEqual(losses);
  });

  it('names the step at which the loss diverges, and pictures of another shape', async () => {
    const small = smallAutoencoder();
    const optimizer = adam();
    const trained = async (batch: { data: Float32Array; shape: number[] }) => {
      for await (const progress of trainAutoencoder(small, [batch], { optimizer, key })) void progress;
    };
    await expect(trained({ data: new Float32Array(16).fill(NaN), shape: [1, 4, 4, 1] })).rejects.toThrow(
      DivergenceError,
    );
    await expect(trained({ data: new Float32Array(9), shape: [1, 3, 3, 1] })).rejects.toThrow(/\[B, 4, 4, 1\]/);
    small.encoder.dispose();
    small.decoder.dispose();
    optimizer.dispose();
  });

  it('leaves no tensor behind the losses, nor behind a step that throws', async () => {
    const small = smallAutoencoder();
    const other = tf.variable(tf.zeros([1]), true);
    const optimizer = adam();
    optimizer.apply({ [other.name]: tf.zeros([1]) }, [other]);
    const pictures = key.uniform<tf.Rank.R4>([3, 4, 4, 1], -1, 1);
    const before = tf.memory().numTensors;
    const { reconstruction, divergence } = autoencoderLosses(small, pictures, key);
    tf.dispose([reconstruction, divergence]);
    expect(tf.memory().numTensors).toBe(before);
    await expect(trainAutoencoder(small, bars(1), { optimizer, key }).next()).rejects.toThrow(ConfigError);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([other, pictures]);
    optimizer.dispose();
    small.encoder.dispose();
    small.decoder.dispose();
  });

  it('has losses that are means: of a pixel, and of a latent number', () => {
    const small = smallAutoencoder();
    tf.tidy(() => {
      const pictures = key.uniform<tf.Rank.R4>([3, 4, 4, 1], -1, 1);
      const { reconstruction, divergence } = autoencoderLosses(small, pictures, key);
      const posterior = posteriorOf(small, pictures);
      const again = small.decoder.apply(drawOf(posterior, key.normal([3, 2, 2, 2]))) as tf.Tensor;
      expectTensorsClose(reconstruction, tf.mean(tf.square(tf.sub(pictures, again))));
      expectTensorsClose(divergence, tf.div(tf.mean(klDivergence(posterior)), 8));
    });
    small.encoder.dispose();
    small.decoder.dispose();
  });
});
