import { ConfigError, RandomKey, tf } from '@lab/core';
import { expectNoLeak, expectTensorsClose } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import {
  anomalyScores,
  blockMeans,
  ddim,
  type Denoiser,
  denoisingErrors,
  imageToImage,
  interpolateNoise,
  noiseBetween,
  noiseSchedule,
  repaint,
  sample,
  samplingPath,
  toTheEnd,
  variancePreserving,
  withMeans,
} from '../src/index.ts';
import { combine } from '../src/process/combine.ts';
import { gaussianOracle } from './gaussian-oracle.ts';
import { onSimd } from './on-simd.ts';
import { smallModel } from './small-model.ts';

onSimd();

const key = RandomKey.fromSeed(61);
const formulation = variancePreserving({ schedule: noiseSchedule({ timesteps: 100 }) });

/** Best for pictures that are one value all over, N(mean, std^2): pixels tell of each other, as they do in digits. */
function flatOracle(mean: number, std: number): Denoiser {
  return (xt, { alpha, sigma }) =>
    tf.tidy(() => {
      const pixels = xt.size / xt.shape[0];
      const seen = tf.mean(xt, [1, 2, 3], true);
      const noise = sigma ** 2 / pixels;
      const total = alpha ** 2 * std ** 2 + noise;
      const value = tf.add(tf.mul(seen, (alpha * std ** 2) / total), (noise * mean) / total);
      const x0 = tf.add(tf.zerosLike(xt), value) as tf.Tensor4D;
      return { x0, epsilon: combine([1 / sigma, xt], [-alpha / sigma, x0]) };
    });
}

describe('repaint', () => {
  it('keeps what is known, and continues it', () => {
    expectNoLeak(() => {
      tf.tidy(() => {
        const known = tf.mul(tf.ones([3, 4, 4, 1]), tf.tensor4d([-0.8, 0.1, 0.7], [3, 1, 1, 1])) as tf.Tensor4D;
        const mask = tf.tensor4d([1, 1, 0, 0], [1, 1, 4, 1]);
        const path = samplingPath(formulation, { steps: 20 });
        const xT = key.normal<tf.Rank.R4>([3, 4, 4, 1]);
        const start = { denoise: flatOracle(0, 0.6), path, xT, key };
        const painted = toTheEnd(repaint({ known, mask }, { resamplings: 4, jump: 4 })(start));
        expectTensorsClose(tf.mul(painted, mask), tf.mul(known, mask));
        expect(tf.max(tf.abs(tf.sub(painted, known))).dataSync()[0]).toBeLessThan(0.25);
      });
    });
  });

  it('goes through every stretch as often as it is told', () => {
    tf.tidy(() => {
      const known = tf.zeros([1, 2, 2, 1]) as tf.Tensor4D;
      const path = samplingPath(formulation, { steps: 7 });
      const start = { denoise: gaussianOracle({ mean: 0, std: 1 }), path, xT: known, key };
      const sampler = repaint({ known, mask: tf.scalar(0) }, { resamplings: 3, jump: 2 });
      const order = [...sampler(start)].map(({ level }) => path.indexOf(level));
      expect(order).toEqual([
        0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 3, 4, 3, 2, 3, 4, 3, 2, 3, 4, 5, 6, 5, 4, 5, 6, 5, 4, 5, 6, 7,
      ]);
      const plain = [...repaint({ known, mask: tf.scalar(0) }, { resamplings: 1 })(start)];
      expect(plain).toHaveLength(8);
    });
  });

  it('refuses what does not fit', () => {
    tf.tidy(() => {
      const known = tf.zeros([1, 2, 2, 1]) as tf.Tensor4D;
      const mask = tf.scalar(0);
      expect(() => repaint({ known, mask }, { jump: 0 })).toThrow(ConfigError);
      const start = {
        denoise: flatOracle(0, 1),
        path: samplingPath(formulation),
        xT: tf.zeros<tf.Rank.R4>([2, 2, 2, 1]),
        key,
      };
      expect(() => repaint({ known, mask })(start)).toThrow(/known pictures' shape must be \[2, 2, 2, 1\].*batchSize/);
    });
  });
});

describe('super-resolution', () => {
  it('makes large pictures whose means over blocks are the small ones', () => {
    expectNoLeak(() => {
      tf.tidy(() => {
        const small = key.child('small').uniform<tf.Rank.R4>([2, 2, 2, 1], -1, 1);
        const denoise = withMeans(gaussianOracle({ mean: 0, std: 0.5 }), small);
        const xT = key.normal<tf.Rank.R4>([2, 8, 8, 1]);
        const path = samplingPath(formulation, { steps: 20 });
        const large = toTheEnd(ddim()({ denoise, path, xT, key }));
        expectTensorsClose(blockMeans(large, 4), small, { absolute: 1e-4 });
        expect(tf.moments(large).variance.dataSync()[0]).toBeGreaterThan(0.1);
        const sizes = () => withMeans(gaussianOracle({ mean: 0, std: 1 }), tf.zeros([2, 3, 3, 1]))(xT, path[3]!);
        expect(sizes).toThrow(/The small pictures' shape must be \[2, h, w, 1\].*batchSize/);
      });
    });
  });

  it('works through sample', () => {
    const model = smallModel();
    tf.tidy(() => {
      const small = key.uniform<tf.Rank.R4>([2, 2, 2, 1], -0.5, 0.5);
      const large = sample(model, key, [0, 1], { steps: 5, refine: (denoise) => withMeans(denoise, small) });
      expectTensorsClose(blockMeans(large, 2), small, { absolute: 1e-4 });
    });
    model.network.dispose();
  });
});

describe('image to image', () => {
  it('stays the nearer to the picture the less of the way is gone', () => {
    const model = smallModel();
    expectNoLeak(() => {
      tf.tidy(() => {
        const pictures = key.child('pictures').uniform<tf.Rank.R4>([2, 4, 4, 1], -1, 1);
        const distance = (strength: number) => {
          const made = imageToImage(model, key, { pictures, labels: [0, 1] }, { strength, steps: 20, sampler: 'ddim' });
          return tf.mean(tf.abs(tf.sub(made, pictures))).dataSync()[0]!;
        };
        const [little, more, all] = [0.05, 0.4, 1].map(distance);
        expect(little).toBeLessThan(0.3);
        expect(little).toBeLessThan(more!);
        expect(more).toBeLessThan(all!);
        expect(() => distance(0)).toThrow(/strength must be a number above 0 and at most 1, not 0/);
        expect(() => imageToImage(model, key, { pictures, labels: [0] }, { steps: 5 })).toThrow(/number of labels/);
      });
    });
    model.network.dispose();
  });
});

describe('interpolation in noise space', () => {
  it('goes from one noise to the other, on the arc', () => {
    tf.tidy(() => {
      const [a, b] = [0, 1].map((i) => key.child(i).normal<tf.Rank.R4>([1, 20, 20, 1])) as [tf.Tensor4D, tf.Tensor4D];
      expectTensorsClose(noiseBetween(a, b, 0), a, { absolute: 1e-4 });
      expectTensorsClose(noiseBetween(a, b, 1), b, { absolute: 1e-4 });
      const length = (x: tf.Tensor) => tf.norm(x).dataSync()[0]!;
      expect(length(noiseBetween(a, b, 0.5)) / length(a)).toBeCloseTo(1, 1);
    });
  });

  it('draws as many pictures as asked for, and leaves no tensor', () => {
    const model = smallModel();
    expectNoLeak(() => {
      const pictures = interpolateNoise(model, key, 1, { count: 5, steps: 4, sampler: 'ddim' });
      expect(pictures.shape).toEqual([5, 4, 4, 1]);
      pictures.dispose();
      expect(() => interpolateNoise(model, key, 1, { count: 1 })).toThrow(ConfigError);
      expect(() => interpolateNoise(model, key, 7, { steps: 4 })).toThrow(/Label 0/);
    });
    model.network.dispose();
  });
});

describe('anomaly scores', () => {
  it('are higher for what the denoiser does not know', () => {
    tf.tidy(() => {
      const values = key.normal<tf.Rank.R4>([20, 1, 1, 1], 0, 0.5);
      const usual = tf.mul(values, tf.ones([1, 4, 4, 1])) as tf.Tensor4D;
      const odd = key.child('odd').normal<tf.Rank.R4>([20, 4, 4, 1], 0, 0.5);
      const errors = (pictures: tf.Tensor4D) => {
        const { levelWith } = formulation;
        return denoisingErrors({ denoise: flatOracle(0, 0.5), levelWith }, pictures, key).dataSync();
      };
      expect(Math.max(...errors(usual))).toBeLessThan(Math.min(...errors(odd)));
    });
  });

  it('of a model are the same for the same key; a model with classes needs the null class', async () => {
    const model = smallModel();
    const pictures = key.uniform<tf.Rank.R4>([3, 4, 4, 1], -1, 1);
    const before = tf.memory().numTensors;
    const scores = await anomalyScores(model, pictures, key);
    expect(scores).toHaveLength(3);
    expect(await anomalyScores(model, pictures, key)).toEqual(scores);
    await expect(anomalyScores({ ...model, hasNullClass: false }, pictures, key)).rejects.toThrow(/Label 0/);
    await expect(anomalyScores(model, pictures, key, { noise: 0 })).rejects.toThrow(/noise/);
    expect(tf.memory().numTensors).toBe(before);
    pictures.dispose();
    model.network.dispose();
  });
});
