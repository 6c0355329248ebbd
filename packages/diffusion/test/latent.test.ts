import { adam, CheckpointError, ConfigError, RandomKey, tf } from '@lab/core';
import { expectNoLeak, expectTensorsClose } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import {
  decode,
  encode,
  latentBatches,
  latentModel,
  type LatentModel,
  latentWeights,
  measureLatents,
  noiseSchedule,
  posteriorOf,
  restoreLatent,
  sampleLatent,
  trainAutoencoder,
  trainDiffusion,
  unet,
  variancePreserving,
} from '../src/index.ts';
import { onSimd } from './on-simd.ts';
import { smallAutoencoder } from './small-autoencoder.ts';
import { bars } from './small-model.ts';

onSimd();

const key = RandomKey.fromSeed(71);

function smallLatentModel(): LatentModel {
  return {
    autoencoder: smallAutoencoder(),
    scale: { mean: [0, 0], std: [1, 1] },
    diffusion: {
      network: unet({
        key: key.child('unet'),
        imageSize: 2,
        channels: 2,
        widths: [16],
        classBy: 'attention',
        classes: 2,
        embedding: 16,
        timeFeatures: 8,
        groups: 2,
      }),
      formulation: variancePreserving({ schedule: noiseSchedule({ timesteps: 40 }), prediction: 'v' }),
      classes: 2,
      hasNullClass: true,
    },
  };
}

function disposeOf({ autoencoder: { encoder, decoder }, diffusion }: LatentModel): void {
  for (const network of [encoder, decoder, diffusion.network]) network.dispose();
}

describe('latents', () => {
  it('have no scale that could be measured on no pictures', async () => {
    const model = smallLatentModel();
    await expect(measureLatents(model.autoencoder, [])).rejects.toThrow(/number of pictures must be at least 1, not 0/);
    disposeOf(model);
  });

  it('are scaled to mean 0 and deviation 1, channel by channel', async () => {
    const model = smallLatentModel();
    const before = tf.memory().numTensors;
    const batches = [...bars(6)];
    const scale = await measureLatents(model.autoencoder, batches);
    const scaled = { ...model, scale };
    const all: number[] = [];
    for await (const { data, shape, labels } of latentBatches(scaled, batches, { key })) {
      expect(shape).toEqual([8, 2, 2, 2]);
      expect(labels).toHaveLength(8);
      all.push(...data);
    }
    for (const channel of [0, 1]) {
      const values = all.filter((_, i) => i % 2 === channel);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      expect(Math.abs(mean)).toBeLessThan(0.2);
      expect(Math.abs(Math.sqrt(variance) - 1)).toBeLessThan(0.2);
    }
    expect(tf.memory().numTensors).toBe(before);
    disposeOf(model);
  });

  it('without a key are the means, decoded by what the decoder makes of them unscaled', () => {
    const model = { ...smallLatentModel(), scale: { mean: [1, -1], std: [2, 0.5] } };
    expectNoLeak(() => {
      tf.tidy(() => {
        const pictures = key.uniform<tf.Rank.R4>([3, 4, 4, 1], -1, 1);
        const { mean } = posteriorOf(model.autoencoder, pictures);
        const latents = encode(model, pictures);
        expectTensorsClose(latents, tf.div(tf.sub(mean, tf.tensor1d([1, -1])), tf.tensor1d([2, 0.5])));
        const direct = model.autoencoder.decoder.apply(mean) as tf.Tensor;
        expectTensorsClose(decode(model, latents), direct, { absolute: 1e-5 });
        expect(() => encode(model, tf.zeros([1, 5, 5, 1]))).toThrow(/pictures' shape must be \[B, 4, 4, 1\]/);
        expect(() => decode(model, tf.zeros([1, 4, 4, 1]))).toThrow(/latents' shape must be \[B, 2, 2, 2\]/);
      });
    });
    disposeOf(model);
  });
});

describe('latent diffusion', () => {
  it('draws the class that is asked for, after a short training', async () => {
    const untrained = smallLatentModel();
    const optimizers = [adam({ learningRate: 5e-3 }), adam({ learningRate: 3e-3 })] as const;
    const small = { optimizer: optimizers[0], key, klWeight: 0.002, metricsEvery: 150 };
    for await (const progress of trainAutoencoder(untrained.autoencoder, bars(150), small)) void progress;
    const model = { ...untrained, scale: await measureLatents(untrained.autoencoder, bars(20)) };
    const batches = latentBatches(model, bars(250, 0, 16), { key });
    const options = { optimizer: optimizers[1], key, metricsEvery: 250 };
    for await (const progress of trainDiffusion(model.diffusion, batches, options)) void progress;

    const labels = Array.from({ length: 40 }, (_, i) => i % 2);
    expectNoLeak(() => {
      const pictures = sampleLatent(model, key, labels, { steps: 20, guidance: 1.5, batchSize: 16 });
      expect(pictures.shape).toEqual([40, 4, 4, 1]);
      const data = pictures.dataSync();
      pictures.dispose();
      expect(Math.max(...data)).toBeLessThanOrEqual(1);
      const right = labels.filter((label, n) => label === kindOf(data.subarray(16 * n, 16 * (n + 1)))).length;
      expect(right).toBeGreaterThanOrEqual(32);
    });
    for (const optimizer of optimizers) optimizer.dispose();
    disposeOf(model);
  }, 240_000);

  it('comes back from its weights, half precision too, or says what is wrong', async () => {
    const saved = { ...smallLatentModel(), scale: { mean: [0.5, 1], std: [2, 3] } };
    const weights = await latentWeights(saved);
    const { 'scale/std': std, ...withoutScale } = weights;
    expect(std!.shape).toEqual([2]);
    const other = smallLatentModel();
    const restored = restoreLatent(other, weights);
    expect(restored.scale).toEqual(saved.scale);
    tf.tidy(() => {
      const [a, b] = [saved, restored].map((model) => sampleLatent(model, key, [0, 1], { steps: 3 }));
      expectTensorsClose(a!, b!);
    });
    expect(() => restoreLatent(other, withoutScale)).toThrow(/scale\/std/);
    expect(() => restoreLatent(other, { ...weights, 'decoder/in/kernel': std! })).toThrow(CheckpointError);
    const digits = latentModel(key);
    expect(() => restoreLatent(digits, weights, 'bars.safetensors')).toThrow(/bars\.safetensors/);
    for (const model of [saved, other, digits]) disposeOf(model);
  });

  it('needs attention somewhere to be told the class by it', () => {
    expect(() => unet({ key, classBy: 'attention', attentionAt: [] })).toThrow(ConfigError);
    expect(() => unet({ key, classBy: 'product' as 'sum' })).toThrow(/classBy/);
  });
});

/** 0 for a bar that stands, 1 for one that lies: where the light is spread less. */
function kindOf(picture: ArrayLike<number>): 0 | 1 {
  const sums = (of: (i: number) => number) => {
    const totals = [0, 0, 0, 0];
    for (let i = 0; i < 16; i++) totals[of(i)]! += picture[i]!;
    return Math.max(...totals);
  };
  return sums((i) => i % 4) > sums((i) => Math.floor(i / 4)) ? 0 : 1;
}
