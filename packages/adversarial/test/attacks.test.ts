import { RandomKey, tf } from '@lab/core';
import { expectNoLeak } from '@lab/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AttackResult,
  type Criterion,
  type Norm,
  type Pictures,
  type Predict,
  bim,
  fgsm,
  meanPicture,
  meetsCriterion,
  miFgsm,
  noisePictures,
  optimizeInput,
  pgd,
  predictWith,
  spsa,
  targeted,
  untargeted,
} from '../src/index.ts';
import { onCpu } from './cpu.ts';
import { goldenClassifier } from './golden-network.ts';
import { classes, draw, height, key, linear, readAs, size, width } from './linear-model.ts';

onCpu();

type Fixed = (
  predict: Predict,
  images: Pictures,
  goal: Criterion,
  norm: Norm,
  epsilon: number,
) => Promise<AttackResult>;

const fixed: Record<string, Fixed> = {
  fgsm: (predict, images, goal, norm, epsilon) => fgsm(predict, images, goal, { norm, epsilon }),
  bim: (predict, images, goal, norm, epsilon) => bim(predict, images, goal, { norm, epsilon, steps: 4 }),
  miFgsm: (predict, images, goal, norm, epsilon) => miFgsm(predict, images, goal, { norm, epsilon, steps: 4 }),
  pgd: (predict, images, goal, norm, epsilon) =>
    pgd(predict, images, goal, { norm, epsilon, key, steps: 4, restarts: 2 }),
  spsa: (predict, images, goal, norm, epsilon) =>
    spsa(predict, images, goal, { norm, epsilon, key, steps: 3, samples: 4 }),
};

describe.each(Object.entries(fixed))('%s', (_name, attack) => {
  it('never leaves the ball or the box, tells the truth about success, and leaks nothing', async () => {
    const anything = fc.record({
      seed: fc.nat(),
      norm: fc.constantFrom('lInf', 'l2'),
      epsilon: fc.double({ min: 0.001, max: 1, noNaN: true }),
      isTargeted: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(anything, ({ seed, norm, epsilon, isTargeted }) =>
        expectNoLeak(async () => {
          const from = RandomKey.fromSeed(seed);
          const predict = linear(from);
          const images = draw(from, 4);
          const goal = isTargeted ? targeted([0, 1, 2, 0]) : untargeted([0, 1, 2, 0]);
          const { adversarial, perturbation, norms, success, confidence } = await attack(
            predict,
            images,
            goal,
            norm as Norm,
            epsilon,
          );

          expect(Math.max(...norms[norm as Norm])).toBeLessThanOrEqual(epsilon + 2e-7);
          adversarial.data.forEach((value, i) => {
            expect(value >= 0 && value <= 1).toBe(true);
            expect(perturbation.data[i]).toBeCloseTo(value - images.data[i]!, 6);
          });
          const read = await readAs(predict, adversarial);
          expect(success).toEqual(read.map((as, i) => (as === goal.classes[i]) === isTargeted));
          for (const trace of confidence) for (const p of trace) expect(p >= 0 && p <= 1).toBe(true);
        }),
      ),
      { numRuns: 25 },
    );
  });
});

describe('bim', () => {
  it('never loses confidence in the target from step to step on a linear model', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom('lInf', 'l2'), async (seed, norm) => {
        const from = RandomKey.fromSeed(seed);
        const options = { norm: norm as Norm, epsilon: 0.3, steps: 6, stepSize: 0.05 };
        const two: Predict = (images) => tf.slice(linear(from)(images), [0, 0], [-1, 2]) as tf.Tensor2D;
        const { confidence } = await bim(two, draw(from, 3), targeted([0, 1, 0]), options);
        for (const trace of confidence) {
          expect(trace).toHaveLength(7);
          trace.forEach((p, step) => expect(p).toBeGreaterThanOrEqual((trace[step - 1] ?? 0) - 1e-6));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('gives each picture the epsilon that is its own', async () => {
    const epsilon = [0.1, 0.2, 0.3];
    const { norms } = await bim(linear(key), draw(key, 3), targeted([0, 1, 2]), { epsilon });
    epsilon.forEach((one, i) => expect(norms.lInf[i]).toBeCloseTo(one, 6));
  });

  it('gives the same for any batch size', async () => {
    const model = goldenClassifier('pooled');
    const images = { data: key.uniformArray(5 * 144), shape: [5, 12, 12, 1] };
    const attack = (batchSize: number) =>
      pgd(predictWith(model), images, untargeted([0, 1, 2, 3, 0]), { epsilon: 0.1, steps: 3, key, batchSize });
    const [one, all] = [await attack(2), await attack(5)];
    all.adversarial.data.forEach((value, i) => expect(one.adversarial.data[i]).toBeCloseTo(value, 5));
    expect(one.success).toEqual(all.success);
    model.dispose();
  });
});

describe('pgd', () => {
  it('draws its starts from the key, one for each restart and picture', async () => {
    const run = (from: RandomKey) =>
      pgd(linear(key), draw(key, 4), targeted([0, 1, 2, 0]), { epsilon: 0.2, steps: 1, stepSize: 0.01, key: from });
    const [first, again, other] = [await run(key), await run(key), await run(key.child(1))];
    expect(again.adversarial.data).toEqual(first.adversarial.data);
    expect(other.adversarial.data).not.toEqual(first.adversarial.data);
  });

  it('loses nothing by restarts', async () => {
    const model = goldenClassifier('strided');
    const images = { data: key.uniformArray(20 * 144), shape: [20, 12, 12, 1] };
    const labels = Array.from({ length: 20 }, (_, i) => i % 4);
    const run = (restarts: number) =>
      pgd(predictWith(model), images, targeted(labels), { epsilon: 0.08, steps: 2, key, restarts });
    const [once, often] = [await run(1), await run(6)];
    once.success.forEach((success, i) => expect(!success || often.success[i]).toBe(true));
    const count = (result: AttackResult) => result.success.filter(Boolean).length;
    expect(count(often)).toBeGreaterThan(count(once));
    model.dispose();
  });
});

describe('optimizeInput', () => {
  it.each(['sign', 'adam'] as const)('takes noise, zeros and a mean picture to a class, by %s', async (rule) => {
    await expectNoLeak(async () => {
      const predict = linear(key);
      const noise = noisePictures(key, 2, [height, width, 1]);
      const zeros = { data: new Float32Array(size), shape: [1, height, width, 1] };
      const starts = [noise, zeros, meanPicture(noise)];
      for (const start of starts) {
        const result = await optimizeInput(predict, start, new Array<number>(start.shape[0]!).fill(2), { rule });
        expect(result.mode).toBe('unbounded');
        expect(result.success.every(Boolean)).toBe(true);
        for (const trace of result.confidence) expect(trace.at(-1)!).toBeGreaterThan(trace[0]!);
        result.adversarial.data.forEach((value) => expect(value >= 0 && value <= 1).toBe(true));
      }
    });
  });
});

describe('spsa', () => {
  it('estimates a linear model’s gradient well enough to fool it', async () => {
    const [predict, images] = [linear(key), draw(key, 6)];
    const labels = await readAs(predict, images);
    const open = await bim(predict, images, untargeted(labels), { epsilon: 0.2 });
    const black = await spsa(predict, images, untargeted(labels), { epsilon: 0.2, key, steps: 20, samples: 32 });
    expect(open.success.filter(Boolean).length).toBeGreaterThan(0);
    expect(black.success).toEqual(open.success);
  });

  it('needs no gradient', async () => {
    const [predict, images] = [linear(key), draw(key, 2)];
    const opaque: Predict = (x) => tf.tensor2d(predict(x).dataSync(), [x.shape[0], classes]);
    await expect(bim(opaque, images, untargeted([0, 1]), { epsilon: 0.2 })).rejects.toThrow();
    const { norms } = await spsa(opaque, images, untargeted([0, 1]), { epsilon: 0.2, key, steps: 2, samples: 2 });
    expect(norms.lInf[0]).toBeGreaterThan(0);
  });
});

describe('meetsCriterion', () => {
  it('says on a second classifier what an attack on the first came to', async () => {
    const images = draw(key, 5);
    const [own, victim] = [linear(key), linear(key.child(9))];
    const goal = targeted([0, 1, 2, 0, 1]);
    const { adversarial, success } = await bim(own, images, goal, { epsilon: 0.3 });
    expect(await meetsCriterion(own, adversarial, goal)).toEqual(success);
    const read = await readAs(victim, adversarial);
    expect(await meetsCriterion(victim, adversarial, goal, { batchSize: 2 })).toEqual(
      read.map((as, i) => as === goal.classes[i]),
    );
  });
});
