import { ConfigError, RandomKey, adam, tf } from '@lab/core';
import { describeBackends, expectNoLeak, expectTensorsClose } from '@lab/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Gan,
  type Observation,
  type Pictures,
  centreMask,
  complete,
  dcgan,
  drawLatents,
  gridMask,
  leftMask,
  lowResolution,
  nothingHidden,
  randomMask,
  sample,
  sampleFrom,
} from '../src/index.ts';
import { onCpu } from './cpu.ts';
import { goldenNoise, goldenTensor } from './golden-noise.ts';
import { readGolden } from './golden.ts';
import { discriminatorWeights, generatorWeights, smallTraining } from './small-gan.ts';
import { trainingBackends } from './training-backends.ts';

const size = [4, 5] as const;
const key = RandomKey.fromSeed(5);

function paintedBy(gan: Gan, count: number): Pictures {
  return tf.tidy(() => {
    const images = sample(gan, RandomKey.fromSeed(8), count);
    return { data: images.dataSync<'float32'>().slice(), shape: images.shape };
  });
}

describeBackends(
  'complete',
  () => {
    it('makes the steps that PyTorch makes in float64', async () => {
      const { gan } = smallTraining();
      tf.tidy(() => {
        const networks = [gan.generator, gan.discriminator];
        networks.forEach((network, n) =>
          network.setWeights(network.weights.map(({ shape }, i) => goldenTensor(shape as number[], 40 + 4 * n + i))),
        );
      });
      const images = { data: goldenNoise(60, 51, 0.5, 0.5), shape: [3, 4, 5, 1] };
      const options = {
        key,
        steps: 6,
        optimizer: adam({ learningRate: 0.1 }),
        perceptual: 0.3,
        prior: 0.2,
        limit: 0.7,
      };
      const { latents } = await complete(gan, images, leftMask(size), options);
      const wanted = readGolden<{ latents: number[] }>('completion.json').latents;
      expectTensorsClose(tf.tensor1d(latents.data), wanted, { absolute: 1e-4 });
    });

    it.each(['nothing but NaN', 'zeros'])('does not look at what is hidden: %s', async (hidden) => {
      const { gan } = smallTraining();
      const images = paintedBy(gan, 1);
      const mask = leftMask(size);
      const whole = await complete(gan, images, mask, { key, steps: 2 });
      const data = images.data.map((value, i) => (mask.known.data[i] === 1 ? value : hidden === 'zeros' ? 0 : NaN));
      expect(await complete(gan, { ...images, data }, mask, { key, steps: 2 })).toEqual(whole);
    });

    it('refuses an observation of another size, and a D that judges by the neighbours, and leaks nothing', async () => {
      const { gan } = smallTraining();
      const images = paintedBy(gan, 1);
      const comparing = dcgan(key, { latentDim: 3, width: 2, imageShape: [8, 8, 1], minibatchStdDev: true });
      const four = { data: new Float32Array(4 * 64), shape: [4, 8, 8, 1] };
      await expectNoLeak(async () => {
        for (const other of [leftMask([5, 4]), leftMask([1, 5]), lowResolution([8, 8], 2)]) {
          await expect(complete(gan, images, other, { key, steps: 2 })).rejects.toThrow(/observation.*\[4, 5, 1\]/);
        }
        const search = () => complete(comparing, four, nothingHidden([8, 8]), { key, steps: 2 });
        await expect(search()).rejects.toThrow(/perceptual must be 0/);
        await complete(comparing, four, nothingHidden([8, 8]), { key, steps: 2, perceptual: 0 });
      });
    });

    it('leaks nothing, leaves the networks as they were, and gives the same for the same key', async () => {
      const { gan } = smallTraining();
      const before = [generatorWeights({ gan }), discriminatorWeights({ gan })];
      const images = paintedBy(gan, 2);
      await expectNoLeak(async () => {
        const twice = [1, 2].map(() => complete(gan, images, centreMask(size), { key, steps: 3, starts: 2 }));
        const [one, same] = await Promise.all(twice);
        expect(same).toEqual(one);
      });
      expect([generatorWeights({ gan }), discriminatorWeights({ gan })]).toEqual(before);
    });
  },
  trainingBackends,
);

describe('what is found', () => {
  onCpu();

  it('is a latent whose picture is the one that was shown', async () => {
    const { gan } = smallTraining();
    const images = paintedBy(gan, 4);
    const search = { key, steps: 200, perceptual: 0, prior: 0, starts: 4 };
    const { painted, latents, contextual } = await complete(gan, images, nothingHidden(size), search);
    expectTensorsClose(tf.tensor1d(painted.data), [...images.data], { absolute: 0.05 });
    expectTensorsClose(sampleFrom(gan, latents), tf.tensor(painted.data, [...painted.shape]));
    expect(Math.max(...contextual)).toBeLessThan(0.5);
  });

  it.each([centreMask(size), leftMask(size), gridMask(size), randomMask(size, key, { share: 0.6 })])(
    'does not depend on the hidden pixels, and has the known ones: $name',
    async (observation) => {
      const { gan } = smallTraining();
      const images = paintedBy(gan, 2);
      const isKnown = images.data.map((_, i) => observation.known.data[i % 20]!);
      const spoilt = { ...images, data: images.data.map((value, i) => (isKnown[i] === 1 ? value : 0.123)) };
      const options = { key, steps: 5 };
      const found = await complete(gan, images, observation, options);
      const again = await complete(gan, spoilt, observation, options);
      expect(again).toEqual(found);
      const kept = [found.completed, images].map(({ data }) => [...data].filter((_, i) => isKnown[i] === 1));
      expect(kept[0]).toEqual(kept[1]);
      const filled = [found.completed, found.painted].map(({ data }) => [...data].filter((_, i) => isKnown[i] === 0));
      expect(filled[0]).toEqual(filled[1]);
    },
  );

  it('convinces D, where only the perceptual term is left', async () => {
    const { gan } = smallTraining();
    const blind: Observation = { ...leftMask(size), observe: (images) => tf.zerosLike(images) };
    const believed = async (steps: number) => {
      const { painted } = await complete(gan, paintedBy(gan, 8), blind, { key, steps, perceptual: 1, prior: 0 });
      return tf.tidy(() => {
        const logits = gan.discriminator.predict(tf.tensor(painted.data, [...painted.shape])) as tf.Tensor;
        return tf.mean(tf.sigmoid(logits)).dataSync()[0]!;
      });
    };
    expect(await believed(100)).toBeGreaterThan((await believed(1)) + 0.02);
  });

  it('lies within the limit, and nearer to 0 the heavier the prior', async () => {
    const { gan } = smallTraining();
    const length = async (prior: number) => {
      const { latents } = await complete(gan, paintedBy(gan, 3), leftMask(size), { key, steps: 60, prior, limit: 0.4 });
      expect(Math.max(...latents.data.map(Math.abs))).toBeLessThanOrEqual(Math.fround(0.4));
      return Math.hypot(...latents.data);
    };
    expect(await length(10)).toBeLessThan(0.5 * (await length(0)));
  });

  it('begins where G was trained', async () => {
    const { gan } = smallTraining();
    const still = { key, steps: 1, optimizer: adam({ learningRate: 0 }) };
    const { latents } = await complete(gan, paintedBy(gan, 2), leftMask(size), still);
    const drawn = tf.tidy(() => drawLatents(gan, key, 2).dataSync<'float32'>().slice());
    expect([...latents.data]).toEqual([...drawn]);
  });

  it.each([
    ['steps', { steps: 0 }],
    ['perceptual', { perceptual: -1 }],
    ['prior', { prior: -0.1 }],
    ['limit', { limit: 0 }],
    ['starts', { starts: 0 }],
    ['labels', { labels: [1] }],
  ])('is refused for an option out of its range: %s', async (field, options) => {
    const { gan } = smallTraining();
    await expectNoLeak(async () => {
      const wrong = complete(gan, paintedBy(gan, 1), leftMask(size), { key, ...options });
      await expect(wrong).rejects.toThrow(ConfigError);
      await expect(wrong).rejects.toThrow(field);
    });
  });
});

describe('masks', () => {
  const hidden = ({ known }: Observation) => known.data.filter((value) => value === 0).length;

  it('hide what their names say of 28 x 28', () => {
    const mnist = [28, 28] as const;
    expect([nothingHidden, centreMask, leftMask, gridMask].map((mask) => hidden(mask(mnist)))).toEqual([
      0,
      14 * 14,
      14 * 28,
      784 - 49,
    ]);
    expect(hidden(lowResolution(mnist))).toBe(784);
    expect(centreMask(mnist).known.data[14 * 28 + 6]).toBe(1);
    expect(centreMask(mnist).known.data[14 * 28 + 7]).toBe(0);
  });

  it('by chance hide about their share, the same for the same key', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(1000), (share, seed) => {
        const mask = randomMask([28, 28], RandomKey.fromSeed(seed), { share });
        // Five standard deviations of 784 draws.
        expect(Math.abs(hidden(mask) / 784 - share)).toBeLessThan(5 * Math.sqrt(0.25 / 784));
        expect(randomMask([28, 28], RandomKey.fromSeed(seed), { share }).known).toEqual(mask.known);
      }),
      { numRuns: 20 },
    );
  });

  it('at low resolution shows the means of blocks, and wants a factor that divides', () => {
    tf.tidy(() => {
      const picture = tf.tensor4d([1, 3, 0, 0, 5, 7, 0, 4], [1, 2, 4, 1]);
      expect([...lowResolution([2, 4], 2).observe(picture).dataSync()]).toEqual([4, 1]);
    });
    expect(() => lowResolution([28, 30], 4)).toThrow('a divisor of 28 and of 30');
  });
});
