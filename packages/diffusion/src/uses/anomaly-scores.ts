import { type RandomKey, rejectUnknownOptions, requireInteger, requireNumber, tf } from '@lab/core';
import { anyClass, type DiffusionModel, requirePictures } from '../diffusion-model.ts';
import { diffuse } from '../process/diffuse.ts';
import { combine } from '../process/combine.ts';
import type { Denoiser } from '../sampling/sampler.ts';
import { modelDenoiser } from '../sampling/model-denoiser.ts';

/** Options of `anomalyScores`. */
export interface AnomalyOptions {
  /**
   * `sigma / alpha` at which pictures are looked at, above 0: enough to hide what is odd, not what is usual.
   *
   * @default 1
   */
  readonly noise?: number;
  /**
   * Noises that each picture is looked at with, at least 1; the score is the mean.
   *
   * @default 4
   */
  readonly repeats?: number;
}

/**
 * How badly each picture is found again under noise: the mean squared difference of a picture and of what it is taken for. A
 * model that was never shown a kind of picture does worse on it (Wyatt et al. 2022, "AnoDDPM"; Graham et al. 2023).
 *
 * @param pictures `[B, H, W, C]`.
 * @param key Decides the noise.
 * @returns One score a picture, the higher the odder.
 * @throws ConfigError for pictures of another shape, an option out of its range, or a model without a null class but with classes,
 *   which has to be told what it sees.
 */
export async function anomalyScores(
  model: DiffusionModel,
  pictures: tf.Tensor4D,
  key: RandomKey,
  options: AnomalyOptions = {},
): Promise<Float32Array> {
  requirePictures(model, pictures.shape);
  const denoise = modelDenoiser(model, anyClass(model, pictures.shape[0]));
  const scores = denoisingErrors({ denoise, levelWith: model.formulation.levelWith }, pictures, key, options);
  const read = (await scores.data()).slice() as Float32Array;
  scores.dispose();
  return read;
}

/** `anomalyScores` of any denoiser, still on the backend, `[B]`. */
export function denoisingErrors(
  { denoise, levelWith }: { readonly denoise: Denoiser } & Pick<DiffusionModel['formulation'], 'levelWith'>,
  pictures: tf.Tensor4D,
  key: RandomKey,
  options: AnomalyOptions = {},
): tf.Tensor1D {
  rejectUnknownOptions('anomalyScores', options, ['noise', 'repeats']);
  const level = levelWith(requireNumber('noise', options.noise ?? 1, { above: 0 }));
  const repeats = requireInteger('repeats', options.repeats ?? 4, { min: 1 });
  return tf.tidy(() => {
    let total = tf.zeros([pictures.shape[0]]) as tf.Tensor1D;
    for (let repeat = 0; repeat < repeats; repeat++) {
      const noise = key.child(repeat).normal<tf.Rank.R4>(pictures.shape);
      const { x0 } = denoise(diffuse(pictures, noise, level), level);
      total = tf.add(total, tf.mean(tf.square(combine([1, pictures], [-1, x0])), [1, 2, 3]));
    }
    return tf.div(total, repeats) as tf.Tensor1D;
  });
}
