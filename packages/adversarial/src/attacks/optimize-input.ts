import { type RandomKey, adam, rejectUnknownOptions, requireInteger, requireNumber, requireOneOf, tf } from '@lab/core';
import { type Pictures, requirePictures } from '../pictures.ts';
import type { Predict } from '../predict.ts';
import { type Ascent, ascend, lookByTape } from './ascend.ts';
import { attackBatches } from './attack-batches.ts';
import { type AttackOptions, attackOptionNames, resolveAttackOptions } from './attack-options.ts';
import { type AttackResult, resultOf } from './attack-result.ts';
import { targeted } from './criterion.ts';

/** Options of `optimizeInput`. */
export interface OptimizeInputOptions extends AttackOptions {
  /**
   * At least 1.
   *
   * @default 50
   */
  readonly steps?: number;
  /**
   * `sign`: by the gradient's sign, as FGSM does; `adam`: by Adam (Kingma & Ba 2015).
   *
   * @default 'sign'
   */
  readonly rule?: 'sign' | 'adam';
  /**
   * How far a pixel moves in a step, above 0.
   *
   * @default 0.04
   */
  readonly stepSize?: number;
}

/**
 * Pictures that a classifier takes for the given classes, from any start: noise, zeros, a mean picture. Only the bounds
 * limit it, so the perturbation says little. Unbounded.
 *
 * As Nguyen, Yosinski & Clune 2015, "Deep Neural Networks are Easily Fooled", section 2.3, by gradient.
 *
 * @param start Within the bounds.
 * @param classes One a picture.
 * @throws ConfigError for bad pictures, classes or options.
 */
export async function optimizeInput(
  predict: Predict,
  start: Pictures,
  classes: ArrayLike<number>,
  options: OptimizeInputOptions = {},
): Promise<AttackResult> {
  const { steps, rule, stepSize, ...common } = resolveOptions(options);
  const attempts = await attackBatches(predict, start, targeted(classes), common, async (batch) => {
    const { advance, dispose } = rule === 'sign' ? bySign(stepSize) : byAdam(stepSize);
    const inside: Ascent['advance'] = (x, gradient) =>
      tf.clipByValue(advance(x, gradient), ...common.bounds) as tf.Tensor4D;
    try {
      const look = lookByTape(predict, batch.goal);
      return await ascend(predict, batch, { steps, start: batch.images, look, advance: inside });
    } finally {
      dispose();
    }
  });
  return resultOf('unbounded', start, attempts);
}

/** `count` pictures of uniform noise within [0, 1). */
export function noisePictures(key: RandomKey, count: number, imageShape: readonly number[]): Pictures {
  const size = imageShape.reduce((product, length) => product * length, requireInteger('count', count, { min: 1 }));
  return { data: key.uniformArray(size), shape: [count, ...imageShape] };
}

/** The mean of pictures, `[1, height, width, channels]`. @throws ConfigError for pixels that are no numbers. */
export function meanPicture(pictures: Pictures): Pictures {
  requirePictures(pictures);
  const { data, shape } = pictures;
  const size = data.length / shape[0]!;
  const sums = new Float64Array(size);
  data.forEach((value, i) => (sums[i % size]! += value));
  return { data: Float32Array.from(sums, (sum) => sum / shape[0]!), shape: [1, ...shape.slice(1)] };
}

interface Rule {
  readonly advance: Ascent['advance'];
  readonly dispose: () => void;
}

function bySign(stepSize: number): Rule {
  return { advance: (x, gradient) => tf.add(x, tf.mul(stepSize, tf.sign(gradient))), dispose: () => undefined };
}

/** Adam on the pictures themselves, upwards. */
export function byAdam(stepSize: number): Rule {
  const optimizer = adam({ learningRate: stepSize });
  return {
    advance: (x, gradient) => {
      const pictures = tf.variable(x);
      optimizer.apply({ [pictures.name]: tf.neg(gradient) }, [pictures]);
      const moved = tf.clone(pictures);
      pictures.dispose();
      return moved as tf.Tensor4D;
    },
    dispose: () => optimizer.dispose(),
  };
}

function resolveOptions(options: OptimizeInputOptions) {
  rejectUnknownOptions('optimizeInput', options, [...attackOptionNames, 'steps', 'rule', 'stepSize']);
  return {
    ...resolveAttackOptions(options),
    steps: requireInteger('steps', options.steps ?? 50, { min: 1 }),
    rule: requireOneOf('rule', options.rule ?? 'sign', ['sign', 'adam']),
    stepSize: requireNumber('stepSize', options.stepSize ?? 0.04, { above: 0 }),
  };
}
