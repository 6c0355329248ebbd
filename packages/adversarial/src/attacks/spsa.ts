import { type RandomKey, rejectUnknownOptions, requireInteger, requireNumber, tf } from '@lab/core';
import type { Pictures } from '../pictures.ts';
import { type Predict, requireLogits } from '../predict.ts';
import { type Ascent, type Look, ascend } from './ascend.ts';
import { type AttackBatch, attackBatches, uploadPerPicture } from './attack-batches.ts';
import { type FixedEpsilonOptions, fixedOptionNames, resolveFixedOptions } from './attack-options.ts';
import { type AttackResult, resultOf } from './attack-result.ts';
import type { Criterion } from './criterion.ts';
import { type Goal, lead } from './goal.ts';
import { byAdam } from './optimize-input.ts';
import { stayInside } from './projected-steps.ts';

/** Options of `spsa`. */
export interface SpsaOptions extends FixedEpsilonOptions {
  /** Decides the directions. */
  readonly key: RandomKey;
  /**
   * At least 1.
   *
   * @default 40
   */
  readonly steps?: number;
  /**
   * Pairs of pictures looked at for one estimate of the gradient, at least 1.
   *
   * @default 64
   */
  readonly samples?: number;
  /**
   * How far from the present picture they are, in each pixel, above 0.
   *
   * @default 0.01
   */
  readonly delta?: number;
  /**
   * Adam's step size, above 0.
   *
   * @default 0.03
   */
  readonly learningRate?: number;
}

interface Estimate {
  readonly samples: number;
  readonly delta: number;
}

/**
 * A black-box attack: it only asks for logits, 2 samples times for each step and picture, and estimates the gradient of the
 * lead from them. Where it succeeds and gradients do not, the gradients are masked. Fixed-epsilon.
 *
 * Spall 1992, "Multivariate stochastic approximation using a simultaneous perturbation gradient approximation"; Uesato
 * et al. 2018, "Adversarial Risk and the Dangers of Evaluating Against Weak Attacks", section 4.
 *
 * @param images Within the bounds.
 * @throws ConfigError for bad pictures, classes or options.
 */
export async function spsa(
  predict: Predict,
  images: Pictures,
  criterion: Criterion,
  options: SpsaOptions,
): Promise<AttackResult> {
  const { steps, learningRate, ...estimate } = resolveOptions(options);
  const { norm, epsilon, ...common } = resolveFixedOptions(options, images);
  const attempts = await attackBatches(predict, images, criterion, common, async (batch) => {
    const radius = uploadPerPicture(epsilon.slice(batch.from, batch.to));
    const ball = { center: batch.images, epsilon: radius, norm, bounds: common.bounds };
    const rule = byAdam(learningRate);
    const advance: Ascent['advance'] = (x, gradient) => stayInside(rule.advance(x, gradient), ball);
    const look = lookBySamples(predict, batch, options.key, estimate);
    try {
      return await ascend(predict, batch, { steps, start: batch.images, look, advance });
    } finally {
      rule.dispose();
      radius.dispose();
    }
  });
  return resultOf('fixedEpsilon', images, attempts);
}

function lookBySamples(predict: Predict, { goal }: AttackBatch, key: RandomKey, estimate: Estimate): Ascent['look'] {
  let looks = 0;
  return (images) => estimateGradient(predict, goal, images, key.child(looks++), estimate);
}

/** The mean over random signs v, the same for all pictures, of (lead(x + delta v) - lead(x - delta v)) / (2 delta) v. */
function estimateGradient(
  predict: Predict,
  goal: Goal,
  images: tf.Tensor4D,
  key: RandomKey,
  { samples, delta }: Estimate,
): Look {
  const leadAt = (at: tf.Tensor4D) => lead(requireLogits(predict(at), images.shape[0]), goal);
  let sum: tf.Tensor4D = tf.zerosLike(images);
  for (let sample = 0; sample < samples; sample++) {
    sum = tf.tidy(() => {
      const signs = tf.sign(key.child(sample).uniform<tf.Rank.R4>([1, ...images.shape.slice(1)], -1, 1));
      const shift = tf.mul(delta, signs) as tf.Tensor4D;
      const slope = tf.div(tf.sub(leadAt(tf.add(images, shift)), leadAt(tf.sub(images, shift))), 2 * delta * samples);
      return tf.add(sum, tf.mul(signs, tf.reshape(slope, [-1, 1, 1, 1])));
    });
  }
  return { logits: requireLogits(predict(images), images.shape[0]), gradient: sum };
}

function resolveOptions(options: SpsaOptions) {
  rejectUnknownOptions('spsa', options, [...fixedOptionNames, ...['key', 'steps', 'samples', 'delta', 'learningRate']]);
  return {
    steps: requireInteger('steps', options.steps ?? 40, { min: 1 }),
    samples: requireInteger('samples', options.samples ?? 64, { min: 1 }),
    delta: requireNumber('delta', options.delta ?? 0.01, { above: 0 }),
    learningRate: requireNumber('learningRate', options.learningRate ?? 0.03, { above: 0 }),
  };
}
