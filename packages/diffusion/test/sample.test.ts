import { ConfigError, RandomKey, tf } from '@lab/core';
import { expectNoLeak, expectTensorsClose } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import {
  anyClass,
  denoising,
  eulerAncestral,
  guide,
  modelDenoiser,
  predictionOf,
  sample,
  type SampleOptions,
  samplers,
  type SamplerName,
  trainableVariables,
  trainDiffusion,
} from '../src/index.ts';
import { onSimd } from './on-simd.ts';
import { bars, disposeTraining, smallModel, smallTraining } from './small-model.ts';

onSimd();

const key = RandomKey.fromSeed(31);

/** A model whose last weights aren't zero, so that its answers depend on what it is told. */
function livelyModel() {
  const model = smallModel(3);
  tf.tidy(() => {
    trainableVariables(model).forEach((variable, i) => variable.assign(key.child(i).normal(variable.shape, 0, 0.3)));
  });
  return model;
}

describe('guidance', () => {
  it('goes beyond the class, and gives it its spread back: Lin et al. 2024, equations 14 to 16', () => {
    tf.tidy(() => {
      const [c, u] = [1, 2].map((label) => key.child(label).normal<tf.Rank.R4>([2, 3, 3, 1])) as [
        tf.Tensor4D,
        tf.Tensor4D,
      ];
      expectTensorsClose(guide(c, u, 1), c);
      expectTensorsClose(guide(c, u, 0), u);
      const guided = guide(c, u, 3);
      expectTensorsClose(guided, tf.sub(tf.mul(3, c), tf.mul(2, u)));
      const deviation = (x: tf.Tensor) => [...tf.sqrt(tf.moments(x, [1, 2, 3]).variance).dataSync()];
      const rescaled = deviation(guide(c, u, 3, 1));
      deviation(c).forEach((expected, i) => expect(rescaled[i]).toBeCloseTo(expected, 5));
      expectTensorsClose(guide(c, u, 3, 0.7), tf.add(tf.mul(0.7, guide(c, u, 3, 1)), tf.mul(0.3, guided)));
    });
  });

  it('leaves answers without any spread as they are', () => {
    tf.tidy(() => {
      const flat = tf.fill<tf.Rank.R4>([2, 3, 3, 1], 0.5);
      expectTensorsClose(guide(flat, flat, 3, 0.7), flat);
    });
  });

  it('asks the network once, with and without the class, and gets what two questions would', () => {
    const model = livelyModel();
    expectNoLeak(() => {
      tf.tidy(() => {
        const level = model.formulation.levelAt(20);
        const xt = key.normal<tf.Rank.R4>([3, 4, 4, 1]);
        const answer = (labels: number[]) =>
          model.network.apply([xt, tf.fill([3], 20), tf.tensor1d(labels, 'int32')]) as tf.Tensor4D;
        const expected = guide(answer([0, 1, 1]), answer([2, 2, 2]), 2.5, 0.7);
        const denoise = modelDenoiser(model, [0, 1, 1], { guidance: 2.5, rescale: 0.7, clip: false });
        const found = denoise(xt, level);
        expectTensorsClose(found.epsilon, expected);
        expectTensorsClose(found.x0, predictionOf(xt, expected, level, { x0: 0, epsilon: 1 }).x0);

        const forgetful = modelDenoiser(model, [0, 1, 1], { guidance: 0, clip: false })(xt, level);
        expectTensorsClose(forgetful.epsilon, answer([2, 2, 2]));
        const clipped = modelDenoiser(model, [0, 1, 1])(xt, level).x0;
        expect(tf.max(tf.abs(clipped)).dataSync()[0]).toBeLessThanOrEqual(1);
      });
    });
    model.network.dispose();
  });
});

describe('sample', () => {
  it.each(Object.keys(samplers) as SamplerName[])('by %s: the same for the same key, no tensor left', (sampler) => {
    const model = livelyModel();
    expectNoLeak(() => {
      tf.tidy(() => {
        const options = { sampler, steps: 4, guidance: 2 };
        const pictures = sample(model, key, [0, 1, 2], options);
        expect(pictures.shape).toEqual([3, 4, 4, 1]);
        expect([...sample(model, key, [0, 1, 2], options).dataSync()]).toEqual([...pictures.dataSync()]);
        expect([...sample(model, key.child(1), [0, 1, 2], options).dataSync()]).not.toEqual([...pictures.dataSync()]);
        expect([...sample(model, key, [1, 0, 2], options).dataSync()]).not.toEqual([...pictures.dataSync()]);
      });
    });
    model.network.dispose();
  });

  it('is where denoising ends, and works in batches', () => {
    const model = livelyModel();
    expectNoLeak(() => {
      tf.tidy(() => {
        const labels = anyClass(model, 3);
        expect(labels).toEqual([2, 2, 2]);
        let last: tf.Tensor4D | undefined;
        for (const { xt } of denoising(model, key, labels, { steps: 3 })) last = tf.clone(xt);
        expectTensorsClose(sample(model, key, labels, { steps: 3 }), last!);
        const batched = sample(model, key, [...labels, ...labels], { steps: 3, batchSize: 3 });
        expect(batched.shape).toEqual([6, 4, 4, 1]);
        expectTensorsClose(tf.slice(batched, 0, 3), last!);
        for (const { step } of denoising(model, key, labels, { steps: 3 })) if (step === 1) break;
      });
    });
    model.network.dispose();
  });

  it('draws the class that is asked for, after a short training', async () => {
    const training = smallTraining(2, { prediction: 'v' });
    const options = { ...training, key, steps: 400, metricsEvery: 400 };
    for await (const _ of trainDiffusion(training.model, bars(400), options));
    training.ema.swap(trainableVariables(training.model));
    const labels = Array.from({ length: 40 }, (_, i) => i % 2);
    const data = tf.tidy(() => sample(training.model, key, labels, { steps: 10, guidance: 1.5 }).dataSync());
    // An upright bar is the same in all rows: its rows' sums are alike, its columns' differ.
    const right = labels.filter((label, i) => {
      const at = (row: number, column: number) => data[16 * i + 4 * row + column]!;
      const spread = (sum: (k: number) => number) =>
        Math.max(...[0, 1, 2, 3].map(sum)) - Math.min(...[0, 1, 2, 3].map(sum));
      const total = (one: (k: number) => number) => [0, 1, 2, 3].reduce((sum, k) => sum + one(k), 0);
      const rows = spread((row) => total((column) => at(row, column)));
      const columns = spread((column) => total((row) => at(row, column)));
      return label === 0 ? columns > rows : rows > columns;
    }).length;
    expect(right).toBeGreaterThanOrEqual(38);
    disposeTraining(training);
  });

  it.each<[number[], SampleOptions, RegExp]>([
    [[3], {}, /Label 0 must be an integer at least 0 and at most 2, not 3/],
    [[0, -1], {}, /Label 1/],
    [[], {}, /The number of labels must be at least 1/],
    [[0], { steps: 41 }, /steps must be at most 40/],
    [[0], { guidance: -1 }, /guidance must be a number at least 0/],
    [[0], { rescale: 2 }, /rescale/],
    [[0], { sampler: 'dimm' as 'ddim', steps: 5 }, /sampler must be one of/],
    [[0], { batchSize: 0 }, /batchSize/],
    [[0], { guidence: 2 } as SampleOptions, /sample.*Did you mean 'guidance'/],
    [[0], { clip: [1, -1] }, /clip must be two numbers, the smaller one first, or false/],
  ])('refuses what does not fit: %#', (labels, options, message) => {
    const model = smallModel();
    expect(() => sample(model, key, labels, options)).toThrow(ConfigError);
    expect(() => sample(model, key, labels, options)).toThrow(message);
    model.network.dispose();
  });

  it('takes an option that is undefined for one that is not given', () => {
    const model = livelyModel();
    tf.tidy(() => {
      const heun = (options: SampleOptions) => sample(model, key, [0], { sampler: 'heun', steps: 4, ...options });
      expectTensorsClose(heun({ spacing: undefined } as object), heun({}));
      const ancestral = (options: object) => sample(model, key, [0], { sampler: eulerAncestral(options), steps: 4 });
      expectTensorsClose(ancestral({ eta: undefined }), ancestral({}));
    });
    model.network.dispose();
  });

  it('refuses guidance, and the label for no class, without a null class', () => {
    const model = { ...smallModel(), hasNullClass: false };
    expect(() => sample(model, key, [0], { guidance: 2 })).toThrow(
      /guidance must be 1 for a model without a null class/,
    );
    expect(() => sample(model, key, [2])).toThrow(/Label 0 must be an integer at least 0 and at most 1/);
    model.network.dispose();
  });
});
