import { ConfigError, tf } from '@lab/core';
import { expectNoLeak } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import { bim, carliniWagner, deepfool, fgsm, pgd, targeted, untargeted, type Norm } from '../src/index.ts';
import { onCpu } from './cpu.ts';
import { draw, key, linear } from './linear-model.ts';

onCpu();

describe('bad input', () => {
  const predict = linear(key);
  const images = draw(key, 2);
  const goal = untargeted([0, 1]);
  const withPixel = (value: number) => ({ ...images, data: images.data.with(15, value) });

  it.each<[string, () => unknown, RegExp]>([
    ['a target that is the label', () => targeted([1, 2], [0, 2]), /target of picture 1 must be another class.*not 2/],
    [
      'a target that is no class',
      () => fgsm(predict, images, targeted([1, 7]), { epsilon: 0.1 }),
      /Label 1 must be an integer from 0 to 2, not 7/,
    ],
    ['a label that is no integer', () => untargeted([0.5]), /Label 0 must be an integer from 0, not 0.5/],
    ['too few labels', () => fgsm(predict, images, untargeted([1]), { epsilon: 0.1 }), /number of labels must be 2/],
    [
      'epsilon 0',
      () => fgsm(predict, images, goal, { epsilon: 0 }),
      /epsilon must be a number above 0 and at most 1, not 0/,
    ],
    [
      'epsilon 8 of 255',
      () => bim(predict, images, goal, { epsilon: 8 }),
      /epsilon must be a number above 0 and at most 1, not 8/,
    ],
    ['epsilon NaN', () => pgd(predict, images, goal, { epsilon: NaN, key }), /epsilon must be a number/],
    ['one epsilon for two', () => fgsm(predict, images, goal, { epsilon: [0.1] }), /number of epsilons must be 2/],
    ['an epsilon for one', () => fgsm(predict, images, goal, { epsilon: [0.1, 2] }), /epsilon of picture 1/],
    [
      'a NaN pixel',
      () => fgsm(predict, withPixel(NaN), goal, { epsilon: 0.1 }),
      /Pixel 3 of picture 1 must be within the bounds \[0, 1\], not NaN/,
    ],
    ['a pixel out of bounds', () => deepfool(predict, withPixel(-0.1), goal), /Pixel 3 of picture 1/],
    [
      'bounds upside down',
      () => carliniWagner(predict, images, goal, { bounds: [1, 0] }),
      /upper bound must be a number above 1/,
    ],
    [
      'no pictures',
      () => fgsm(predict, { data: new Float32Array(), shape: [0, 4, 3, 1] }, untargeted([]), { epsilon: 0.1 }),
      /pictures' shape must be/,
    ],
    ['no steps', () => bim(predict, images, goal, { epsilon: 0.1, steps: 0 }), /steps must be an integer at least 1/],
    [
      'restarts without randomness',
      () => pgd(predict, images, goal, { epsilon: 0.1, key, randomStart: false, restarts: 2 }),
      /restarts must be/,
    ],
    ['an unknown norm', () => fgsm(predict, images, goal, { epsilon: 0.1, norm: 'l1' as Norm }), /norm must be one of/],
    [
      'a misspelt option',
      () => bim(predict, images, goal, { epsilon: 0.1, stepsize: 1 } as never),
      /Did you mean 'stepSize'/,
    ],
    [
      'logits that are no numbers',
      () => fgsm((x) => tf.mul(predict(x), NaN), images, goal, { epsilon: 0.1 }),
      /A logit must be a finite number/,
    ],
  ])('%s', async (_name, attack, message) => {
    await expectNoLeak(async () => {
      const attacking = Promise.resolve().then(attack);
      await expect(attacking).rejects.toThrow(ConfigError);
      await expect(attacking).rejects.toThrow(message);
    });
  });
});
