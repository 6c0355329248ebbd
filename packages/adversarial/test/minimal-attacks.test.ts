import { tf } from '@lab/core';
import { expectNoLeak } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import {
  bim,
  carliniWagner,
  deepfool,
  fgsm,
  minimal,
  targeted,
  untargeted,
  type Pictures,
  type Predict,
} from '../src/index.ts';
import { onCpu } from './cpu.ts';
import { height, size, width } from './linear-model.ts';

onCpu();

describe('the attacks that look for the nearest success', () => {
  /** Distance of a picture to the boundary with the nearest other class, for a linear model without bounds in the way. */
  const two: Predict = (images) => {
    const sum = tf.sum(tf.reshape(images, [-1, size]), 1, true);
    return tf.concat([sum, tf.sub(size, sum)], 1) as tf.Tensor2D;
  };
  const images: Pictures = {
    data: new Float32Array(2 * size).map((_, i) => (i < size ? 0.6 : 0.45)),
    shape: [2, height, width, 1],
  };
  const goal = untargeted([0, 1]);
  // The boundary is at a mean pixel of .5.
  const wanted = [0.1, 0.05];

  it('minimal(fgsm) finds the distance to a plane, in either norm', async () => {
    for (const norm of ['lInf', 'l2'] as const) {
      const unit = norm === 'lInf' ? 1 : Math.sqrt(size);
      const { norms, success, mode } = await minimal(fgsm)(two, images, goal, {
        norm,
        epsilonMax: 0.9,
        bisections: 12,
      });
      expect([mode, success]).toEqual(['minimal', [true, true]]);
      wanted.forEach((distance, i) => expect(norms[norm][i]! / unit).toBeCloseTo(distance, 3));
    }
  });

  it('deepfool goes there in one step, and just beyond', async () => {
    const { norms, success, stepsToSuccess, confidence } = await deepfool(two, images, goal);
    expect(success).toEqual([true, true]);
    expect(stepsToSuccess).toEqual([1, 1]);
    expect(confidence.map(({ length }) => length)).toEqual([2, 2]);
    wanted.forEach((distance, i) => expect(norms.l2[i]! / Math.sqrt(size) / distance).toBeCloseTo(1.02, 2));
  });

  it('carliniWagner comes near, and not short of it', async () => {
    const options = { steps: 150, searchSteps: 6, initialWeight: 0.1 };
    const { norms, success } = await carliniWagner(two, images, goal, options);
    expect(success).toEqual([true, true]);
    wanted.forEach((distance, i) => {
      const found = norms.l2[i]! / Math.sqrt(size);
      expect(found).toBeGreaterThan(distance - 1e-4);
      expect(found).toBeLessThan(1.1 * distance);
    });
  });

  it('asks for a lead of kappa where carliniWagner is told to be confident', async () => {
    const options = { steps: 150, searchSteps: 6, initialWeight: 0.1 };
    const [near, sure] = [0, 2].map((confidence) => carliniWagner(two, images, goal, { ...options, confidence }));
    expect((await sure!).norms.l2[0]).toBeGreaterThan((await near!).norms.l2[0]! + 0.1);
  });

  it.each(['deepfool', 'carliniWagner', 'minimal'])(
    '%s leaves what meets the criterion already almost alone',
    async (name) => {
      const met = untargeted([1, 0]);
      await expectNoLeak(async () => {
        const result =
          name === 'deepfool'
            ? await deepfool(two, images, met)
            : name === 'carliniWagner'
              ? await carliniWagner(two, images, met, { steps: 5, searchSteps: 2 })
              : await minimal(bim)(two, images, met, { epsilonMax: 0.1 });
        expect(result.success).toEqual([true, true]);
        for (const l2 of result.norms.l2) expect(l2).toBeLessThan(name === 'minimal' ? 1e-3 : 1e-4);
        result.adversarial.data.forEach((value) => expect(value >= 0 && value <= 1).toBe(true));
      });
    },
  );

  it('tells when there is no way: a target that no picture reaches', async () => {
    const never: Predict = (x) => tf.add(tf.mul(two(x), 0.001), tf.tensor1d([9, 0]));
    const goals = [deepfool(never, images, targeted([1, 1]), { steps: 2 })];
    goals.push(minimal(fgsm)(never, images, targeted([1, 1]), { epsilonMax: 1 }));
    goals.push(carliniWagner(never, images, targeted([1, 1]), { steps: 2, searchSteps: 2 }));
    for (const { success, stepsToSuccess, adversarial } of await Promise.all(goals)) {
      expect(success).toEqual([false, false]);
      expect(stepsToSuccess).toEqual([undefined, undefined]);
      adversarial.data.forEach((value) => expect(value >= 0 && value <= 1).toBe(true));
    }
  });
});
