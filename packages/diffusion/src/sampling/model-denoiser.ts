import { ConfigError, rejectUnknownOptions, requireNumber, tf } from '@lab/core';
import { askNetwork, type DiffusionModel, requireLabels, requirePictures } from '../diffusion-model.ts';
import type { NoiseLevel } from '../process/noise-level.ts';
import { clipPrediction, predictionOf } from '../process/prediction.ts';
import { guide } from './guidance.ts';
import type { Denoiser } from './sampler.ts';

/** Options of `modelDenoiser`. */
export interface DenoiserOptions {
  /**
   * How strongly the class is insisted on, at least 0: 1 is the network as it was trained, 0 forgets the class, and above 1
   * goes beyond what the network says, away from what it says without a class. Other than 1 costs a batch twice as large.
   *
   * @default 1
   */
  readonly guidance?: number;
  /**
   * How much the guided answer is given back the spread that the class's own has, 0 to 1.
   *
   * @default 0
   */
  readonly rescale?: number;
  /**
   * The range that pictures are held in, or false for none (pictures that aren't, such as latents).
   *
   * @default [-1, 1]
   */
  readonly clip?: readonly [min: number, max: number] | false;
}

/** The names of `DenoiserOptions`. */
export const denoiserOptions = ['guidance', 'rescale', 'clip'] as const satisfies readonly (keyof DenoiserOptions)[];

/**
 * What the model believes of noisy pictures with the given labels, one each; `classes` says "none of them".
 *
 * @throws ConfigError for a label that the network isn't told, an option out of its range, guidance without a null class, and,
 *   when it is called, for pictures of another shape or number.
 */
export function modelDenoiser(
  model: DiffusionModel,
  labels: ArrayLike<number>,
  options: DenoiserOptions = {},
): Denoiser {
  rejectUnknownOptions('modelDenoiser', options, denoiserOptions);
  const clip = requireClip(options.clip ?? [-1, 1]);
  const told = requireLabels(model, labels);
  const guidance = requireGuidance(model, options.guidance ?? 1);
  const rescale = requireNumber('rescale', options.rescale ?? 0, { min: 0, max: 1 });
  return (xt, level) => {
    requirePictures(model, xt.shape);
    if (xt.shape[0] !== told.length) {
      throw new ConfigError({
        field: 'The number of labels',
        value: told.length,
        expected: `${xt.shape[0]}, one a picture`,
      });
    }
    return tf.tidy(() => {
      const answer = guidedAnswer(model, xt, level, { labels: told, guidance, rescale });
      const prediction = predictionOf(xt, answer, level, model.formulation.target(level));
      return { ...(clip === false ? prediction : clipPrediction(xt, prediction, level, clip)) };
    });
  };
}

interface Guided {
  readonly labels: readonly number[];
  readonly guidance: number;
  readonly rescale: number;
}

/** Both answers come from one call of the network, on the pictures twice. */
function guidedAnswer(
  model: DiffusionModel,
  xt: tf.Tensor4D,
  level: NoiseLevel,
  { labels, guidance, rescale }: Guided,
): tf.Tensor4D {
  const input = tf.mul(xt, model.formulation.inputScale(level)) as tf.Tensor4D;
  const ask = (pictures: tf.Tensor4D, asked: readonly number[]) =>
    askNetwork(model, pictures, tf.fill([asked.length], level.t) as tf.Tensor1D, asked);
  const none = labels.map(() => model.classes);
  if (guidance === 1 || labels.every((label) => label === model.classes)) return ask(input, labels);
  if (guidance === 0) return ask(input, none);
  const both = ask(tf.concat([input, input], 0), [...labels, ...none]);
  const [conditional, unconditional] = tf.split(both, 2, 0) as [tf.Tensor4D, tf.Tensor4D];
  return guide(conditional, unconditional, guidance, rescale);
}

function requireClip(clip: readonly [number, number] | false): readonly [number, number] | false {
  if (clip === false || (clip.length === 2 && clip[0] < clip[1])) return clip;
  throw new ConfigError({ field: 'clip', value: clip, expected: 'two numbers, the smaller one first, or false' });
}

function requireGuidance({ hasNullClass }: DiffusionModel, guidance: number): number {
  requireNumber('guidance', guidance, { min: 0 });
  if (guidance === 1 || hasNullClass) return guidance;
  const expected = '1 for a model without a null class: train one with class dropout';
  throw new ConfigError({ field: 'guidance', value: guidance, expected });
}
