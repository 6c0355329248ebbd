import { ConfigError, RandomKey, adam, tf } from '@lab/core';
import { expectNoLeak } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import {
  type Predict,
  type ReadyAttack,
  bim,
  classifier,
  classifierWeights,
  fgsm,
  pgd,
  predictWith,
  robustAccuracy,
  spsa,
  trainClassifier,
  trainRobust,
} from '../src/index.ts';
import { onCpu } from './cpu.ts';
import { strokeBatches, strokes } from './strokes.ts';

const key = RandomKey.fromSeed(12);

onCpu();

const build = () => classifier({ key, imageShape: [6, 6, 1], blocks: [[3]], hidden: [8], classes: 3 });
const pictures = strokes(RandomKey.fromSeed(3), 60);
const strong: Record<string, ReadyAttack> = {
  fgsm: (...given) => fgsm(...given, { epsilon: 0.3 }),
  pgd: (...given) => pgd(...given, { epsilon: 0.3, steps: 10, restarts: 2, key }),
};

describe('trainRobust', () => {
  it.each([1, 2])('makes a classifier harder to fool, by %i steps of attack', async (attackSteps) => {
    const [plain, robust] = [build(), build()];
    const growing = (step: number) => 0.3 * Math.min(1, step / 50);
    const options = () => ({ optimizer: adam({ learningRate: 0.01 }), steps: 150, metricsEvery: 50 });
    for await (const _ of trainClassifier(plain, strokeBatches(key, 12), options()));
    const hardened = trainRobust(robust, strokeBatches(key, 12), { ...options(), key, attackSteps, epsilon: growing });
    for await (const _ of hardened);
    const [before, after] = [
      await robustAccuracy(predictWith(plain), pictures, strong),
      await robustAccuracy(predictWith(robust), pictures, strong),
    ];
    expect(after.robust).toBeGreaterThan(before.robust + 0.2);
    expect(after.clean).toBeGreaterThan(0.9);
  });

  it('gives the same bits for the same key, and leaks nothing', async () => {
    await expectNoLeak(async () => {
      const run = async () => {
        const model = build();
        const optimizer = adam();
        const options = { optimizer, key, steps: 3, attackSteps: 2 };
        for await (const _ of trainRobust(model, strokeBatches(key, 4), options));
        const weights = await classifierWeights(model);
        model.dispose();
        optimizer.dispose();
        return weights;
      };
      expect(await run()).toEqual(await run());
    });
  });

  it.each([
    [{ epsilon: 2 }, /epsilon must be a number above 0 and at most 1, not 2/],
    [{ epsilon: () => -1 }, /epsilon at step 1 must be a number above 0/],
    [{ attackSteps: 0 }, /attackSteps must be an integer at least 1/],
    [{ attack: 'pgd' }, /An option of trainRobust/],
  ])('rejects %o', async (wrong, message) => {
    const first = trainRobust(build(), strokeBatches(key, 2), { optimizer: adam(), key, ...wrong }).next();
    await expect(first).rejects.toThrow(ConfigError);
    await expect(first).rejects.toThrow(message);
  });
});

describe('robustAccuracy', () => {
  /** Read by the mean of each third of the pixels, so that every picture of strokes is one of three. */
  const byColumn: Predict = (images) => {
    const columns = tf.mean(images, [1, 3]);
    return tf.mul(tf.slice(columns, [0, 1], [-1, 3]), 10) as tf.Tensor2D;
  };

  it('counts the pictures that are read correctly and withstand everything', async () => {
    const seen: number[] = [];
    const counting: ReadyAttack = (predict, images, criterion) => {
      seen.push(images.shape[0]!);
      return bim(predict, images, criterion, { epsilon: 0.45 });
    };
    await expectNoLeak(async () => {
      const labels = Array.from(pictures.labels, (label, i) => (i < 6 ? (label + 1) % 3 : label));
      const result = await robustAccuracy(byColumn, { ...pictures, labels }, { ...strong, bim: counting });
      expect([result.count, result.clean]).toEqual([60, 0.9]);
      const [first, second, third] = result.attacks;
      expect([first!.name, second!.name, third!.name]).toEqual(['fgsm', 'pgd', 'bim']);
      expect(first!.tried).toBe(54);
      expect(second!.tried).toBe(first!.tried - first!.fooled);
      expect(seen).toEqual([third!.tried]);
      const left = third!.tried - third!.fooled;
      expect(result.robust).toBe(left / 60);
      expect(result.robustOfCorrect).toBe(left / 54);
      expect(result.withstood.filter(Boolean)).toHaveLength(left);
      expect(result.withstood.slice(0, 6)).toEqual(new Array(6).fill(false));
    });
  });

  it('lets a black-box attack find what masked gradients hide', async () => {
    // A staircase has no gradient, and a reading all the same; the rest of it keeps the tape going.
    const masked: Predict = (images) => {
      const steps = tf.div(tf.floor(tf.mul(byColumn(images), 50)), 50);
      return tf.add(steps, tf.mul(byColumn(images), 0)) as tf.Tensor2D;
    };
    const options = { epsilon: 0.6, key, steps: 10, samples: 16, delta: 0.1, learningRate: 0.1 };
    const black: ReadyAttack = (...given) => spsa(...given, options);
    const result = await robustAccuracy(masked, pictures, {
      bim: (...given) => bim(...given, { epsilon: 0.45 }),
      black,
    });
    const [white, spsaResult] = result.attacks;
    expect(white!.fooled).toBe(0);
    expect(spsaResult!.fooled).toBeGreaterThan(30);
  });

  it('wants an attack', async () => {
    await expect(robustAccuracy(byColumn, pictures, {})).rejects.toThrow(/number of attacks must be at least 1/);
  });
});
