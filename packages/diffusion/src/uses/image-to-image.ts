import { type RandomKey, rejectUnknownOptions, requireNumber, tf } from '@lab/core';
import { type DiffusionModel, requirePictures } from '../diffusion-model.ts';
import { diffuse } from '../process/diffuse.ts';
import { type DenoisingOptions, denoisingFrom, denoisingOptions } from '../sampling/sample.ts';
import { toTheEnd } from '../sampling/sampler.ts';

/** Options of `imageToImage`. */
export interface ImageToImageOptions extends DenoisingOptions {
  /**
   * How much of the way is gone, above 0 and at most 1: the more, the more is new.
   *
   * @default 0.6
   */
  readonly strength?: number;
}

/**
 * Pictures of the wanted classes that resemble the given ones: these are taken part of the way into noise, and back. Meng et
 * al. 2022, "SDEdit", Algorithm 1. `[B, H, W, C]`, the caller's to dispose.
 *
 * @param given The pictures, `[B, H, W, C]`, and a label for each.
 * @throws ConfigError for pictures or labels that don't fit the model, or an option out of its range.
 */
export function imageToImage(
  model: DiffusionModel,
  key: RandomKey,
  { pictures, labels }: { readonly pictures: tf.Tensor4D; readonly labels: ArrayLike<number> },
  options: ImageToImageOptions = {},
): tf.Tensor4D {
  rejectUnknownOptions('imageToImage', options, [...denoisingOptions, 'strength']);
  const { strength: given = 0.6, ...rest } = options;
  requirePictures(model, pictures.shape);
  const strength = requireNumber('strength', given, { above: 0, max: 1 });
  const steps = rest.steps ?? 50;
  const skip = Math.min(steps - 1, Math.round((1 - strength) * steps));
  return tf.tidy(() => {
    const noise = key.child('start').normal<tf.Rank.R4>(pictures.shape);
    return toTheEnd(
      denoisingFrom(model, key, labels, (level) => diffuse(pictures, noise, level), { ...rest, steps, skip }),
    );
  });
}
