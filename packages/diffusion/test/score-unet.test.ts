import { adam, RandomKey, tf } from '@lab/core';
import { expectNoLeak } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import {
  type DiffusionModel,
  sample,
  eulerMaruyama,
  GaussianFeatures,
  scoreUnet,
  trainStep,
  varianceExploding,
} from '../src/index.ts';
import { onSimd } from './on-simd.ts';

onSimd();

const key = RandomKey.fromSeed(51);

describe('the time of the score U-Net', () => {
  it('is told by as many sines as cosines', () => {
    expect(() => new GaussianFeatures({ features: 5 })).toThrow(/features must be a multiple of 2, not 5/);
  });
});

describe.each([0, 10])('the score U-Net with %i classes', (classes) => {
  const process = varianceExploding();
  const build = (): DiffusionModel => ({
    network: scoreUnet(key, { classes }),
    formulation: process,
    classes,
    hasNullClass: false,
  });

  it('has as many weights as the tutorials have, trains, and draws', () => {
    expectNoLeak(() => {
      const model = build();
      expect(model.network.countParams()).toBe(classes === 0 ? 1_115_425 : 2_045_185);
      const optimizer = adam({ learningRate: 1e-3 });
      const x0 = key.child('x0').uniform<tf.Rank.R4>([4, 28, 28, 1]);
      const labels = [3, 1, 4, 1];
      const losses = [1, 2, 3, 4, 5, 6, 7, 8].map(
        () => trainStep(model, { x0, labels }, key.child('step'), { optimizer }).loss,
      );
      expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]!);
      const options = { sampler: eulerMaruyama(process), spacing: 'linspace', steps: 2, clip: false } as const;
      const pictures = sample(model, key, classes === 0 ? [0, 0] : [3, 9], options);
      expect(pictures.shape).toEqual([2, 28, 28, 1]);
      tf.dispose([pictures, x0]);
      optimizer.dispose();
      model.network.dispose();
    });
  });

  it('is the same network after it was saved and loaded', async () => {
    const { network } = build();
    let saved: tf.io.ModelArtifacts | undefined;
    await network.save(
      tf.io.withSaveHandler((artifacts) => {
        saved = artifacts;
        return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
    tf.tidy(() => {
      const inputs = [key.normal([2, 28, 28, 1]), tf.tensor1d([0.2, 0.9]), tf.tensor1d([3, 9], 'int32')];
      const told = classes === 0 ? inputs.slice(0, 2) : inputs;
      const [before, after] = [network, loaded].map((one) => one.apply(told) as tf.Tensor);
      expect([...after!.dataSync()]).toEqual([...before!.dataSync()]);
    });
    network.dispose();
    loaded.dispose();
  });
});
