import { ConfigError, type RandomKey, requireNumber, tf } from '@lab/core';
import { askNetwork, type DiffusionModel, requireLabels, requirePictures } from '../diffusion-model.ts';
import { mix, perPicture } from '../process/diffuse.ts';

/** Pictures with what is needed to make a training example of each. */
export interface TrainingPictures {
  /** `[B, H, W, C]`, in the range that the samples shall have. */
  readonly x0: tf.Tensor4D;
  /** Their classes, one each; not needed for a network without classes. */
  readonly labels?: ArrayLike<number> | undefined;
}

/** What a network is shown and asked. The caller owns the tensors. */
export interface DenoisingBatch {
  /** Noisy pictures, scaled for the network, `[B, H, W, C]`. */
  readonly input: tf.Tensor4D;
  /** `[B]`. */
  readonly t: tf.Tensor1D;
  /** `[B]` classes, some of them replaced by "none". */
  readonly labels: readonly number[];
  /** What the network should answer, `[B, H, W, C]`. */
  readonly target: tf.Tensor4D;
  /** How much each picture's error counts, `[B, 1, 1, 1]`; none where all count 1. */
  readonly weight?: tf.Tensor4D | undefined;
}

/** The mean of `weight (target - answer)^2` over pictures, pixels and channels. */
export function denoisingLoss(
  model: Pick<DiffusionModel, 'network' | 'classes'>,
  { input, t, labels, target, weight }: DenoisingBatch,
): tf.Scalar {
  return tf.tidy(() => {
    const errors = tf.squaredDifference(target, askNetwork(model, input, t, labels, true));
    return tf.mean(weight === undefined ? errors : tf.mul(weight, errors)) as tf.Scalar;
  });
}

/**
 * Lines 2 to 4 of Ho et al. 2020, Algorithm 1, for a batch: each picture is taken to a level drawn for it, and with
 * probability `classDropout` its class is withheld (Ho & Salimans 2022, Algorithm 1, line 3).
 *
 * @param key Decides levels, noise and which classes are withheld.
 * @param classDropout In [0, 1).
 * @throws ConfigError for pictures of another shape, labels that are no class, or a class dropout out of its range or without a null class.
 */
export function drawDenoisingBatch(
  model: DiffusionModel,
  { x0, labels }: TrainingPictures,
  key: RandomKey,
  classDropout: number,
): DenoisingBatch {
  requirePictures(model, x0.shape);
  requireClassDropout(model, classDropout);
  const { formulation } = model;
  const count = x0.shape[0];
  const levels = formulation.drawLevels(key.child('level'), count);
  const told = withhold(model, trainingLabels(model, labels, count), key.child('class'), classDropout);
  const scaled = levels.map((level) => {
    const scale = formulation.inputScale(level);
    return { x0: scale * level.alpha, epsilon: scale * level.sigma };
  });
  const weights = levels.map((level) => formulation.weight(level));
  return tf.tidy(() => {
    const noise = key.child('noise').normal<tf.Rank.R4>(x0.shape);
    return {
      input: mix(x0, noise, scaled),
      t: tf.tensor1d(Float32Array.from(levels, ({ t }) => t)),
      labels: told,
      target: mix(
        x0,
        noise,
        levels.map((level) => formulation.target(level)),
      ),
      weight: weights.every((weight) => weight === 1) ? undefined : perPicture(weights),
    };
  });
}

function requireClassDropout({ hasNullClass }: DiffusionModel, classDropout: number): void {
  requireNumber('classDropout', classDropout, { min: 0, below: 1 });
  if (classDropout === 0 || hasNullClass) return;
  throw new ConfigError({ field: 'classDropout', value: classDropout, expected: '0 for a model without a null class' });
}

function trainingLabels(model: DiffusionModel, labels: ArrayLike<number> | undefined, count: number): number[] {
  if (model.classes === 0) return new Array<number>(count).fill(0);
  if (labels?.length === count) return requireLabels(model, labels);
  const expected = `${count}, one a picture`;
  throw new ConfigError({ field: 'The number of labels', value: labels?.length ?? 0, expected });
}

function withhold({ classes }: DiffusionModel, labels: number[], key: RandomKey, probability: number): number[] {
  if (probability === 0) return labels;
  const draws = key.uniformArray(labels.length);
  return labels.map((label, i) => (draws[i]! < probability ? classes : label));
}
