import {
  type RandomKey,
  type Schedule,
  paceSteps,
  rejectUnknownOptions,
  requireInteger,
  requireNumber,
  tf,
} from '@lab/core';
import { gradientThrough } from '../attacks/ascend.ts';
import { uploadPictures } from '../attacks/attack-batches.ts';
import { type Ball, stayInside } from '../attacks/projected-steps.ts';
import { classCount, requireModelPictures, trainableVariables } from '../classifier.ts';
import { crossEntropy, oneHotRows } from '../cross-entropy.ts';
import { type Bounds, type LabelledPictures, requireLabels } from '../pictures.ts';
import { predictWith } from '../predict.ts';
import { type TrainClassifierOptions, type TrainProgress, readMetrics } from '../train-classifier.ts';
import { makeStep } from '../train-step.ts';

/** How the pictures of a step are attacked before the step. */
export interface CraftOptions {
  /**
   * The L-inf budget, above 0, in units of a pixel's value; constant, or a function of the step. A large one from the
   * first step on may leave a classifier guessing for good: let it grow.
   *
   * @default 0.3
   */
  readonly epsilon?: Schedule;
  /**
   * Steps of the attack, at least 1, from a random point of the ball. 1 is the fast form of Wong et al.; Madry et al.
   * took 40, each of which costs about as much as the training step.
   *
   * @default 1
   */
  readonly attackSteps?: number;
  /**
   * How far a pixel moves in one of them, above 0.
   *
   * @default 1.25 epsilon for one step, 2.5 epsilon / attackSteps for more
   */
  readonly attackStepSize?: number;
  /**
   * The range of a pixel.
   *
   * @default [0, 1]
   */
  readonly bounds?: Bounds;
}

/** Options of `trainRobust`. */
export interface TrainRobustOptions extends TrainClassifierOptions, CraftOptions {
  /** Decides the random points: step s draws from `key.child(s)`. */
  readonly key: RandomKey;
}

interface ResolvedCraft {
  readonly epsilon: number;
  readonly attackSteps: number;
  readonly attackStepSize: number;
  readonly bounds: Bounds;
}

/**
 * Adversarial training: every step descends the loss on pictures that were attacked with the weights of that moment. It
 * yields as `trainClassifier` does; loss and accuracy are those on the attacked pictures.
 *
 * Madry et al. 2018, equation 2.1; with one step Wong, Rice & Kolter 2020, "Fast is better than free", Algorithm 3.
 *
 * @throws DivergenceError once the loss is NaN or infinite.
 * @throws ConfigError for an option out of its range, pictures of another shape, or a label that is no class.
 */
export async function* trainRobust(
  model: tf.LayersModel,
  batches: Iterable<LabelledPictures> | AsyncIterable<LabelledPictures>,
  options: TrainRobustOptions,
): AsyncGenerator<TrainProgress, void, undefined> {
  const craftAt = resolveOptions(options);
  const takeStep = ({ data, shape, labels }: LabelledPictures, step: number) => {
    requireModelPictures(model, shape);
    const classes = requireLabels(labels, shape[0]!, classCount(model));
    return tf.tidy(() => {
      const truth = tf.tensor1d(classes, 'int32');
      const attacked = craftPictures(
        model,
        uploadPictures({ data, shape }),
        truth,
        options.key.child(step),
        craftAt(step),
      );
      const measured = makeStep(model, attacked, truth, options);
      options.ema?.update(trainableVariables(model));
      return measured;
    });
  };
  yield* paceSteps(batches, options, takeStep, readMetrics);
}

/** PGD in L-inf without reading anything back. */
function craftPictures(
  model: tf.LayersModel,
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
  key: RandomKey,
  { epsilon, attackSteps, attackStepSize, bounds }: ResolvedCraft,
): tf.Tensor4D {
  return tf.tidy(() => {
    const predict = predictWith(model);
    const truth = oneHotRows(labels, classCount(model));
    const ball: Ball = { center: images, epsilon: tf.tensor4d([epsilon], [1, 1, 1, 1]), norm: 'lInf', bounds };
    const noise = key.uniform<tf.Rank.R4>(images.shape, -epsilon, epsilon);
    let attacked = stayInside(tf.add(images, noise), ball);
    for (let step = 0; step < attackSteps; step++) {
      const { gradient } = gradientThrough(predict, (logits) => crossEntropy(logits, truth), attacked);
      attacked = stayInside(tf.add(attacked, tf.mul(attackStepSize, tf.sign(gradient))), ball);
    }
    return attacked;
  });
}

const optionNames: readonly (keyof TrainRobustOptions)[] = [
  ...(['optimizer', 'ema', 'steps', 'startStep', 'metricsEvery', 'signal'] as const),
  ...(['key', 'epsilon', 'attackSteps', 'attackStepSize', 'bounds'] as const),
];

/** What is checked before the first step, and how each step's pictures are made then. */
function resolveOptions(options: TrainRobustOptions): (step: number) => ResolvedCraft {
  rejectUnknownOptions('trainRobust', options, optionNames);
  const { bounds = [0, 1], epsilon = 0.3 } = options;
  const attackSteps = requireInteger('attackSteps', options.attackSteps ?? 1, { min: 1 });
  const reach = attackSteps === 1 ? 1.25 : 2.5;
  if (options.attackStepSize !== undefined) requireNumber('attackStepSize', options.attackStepSize, { above: 0 });
  const withBudget = (field: string, budget: number): ResolvedCraft => ({
    epsilon: requireNumber(field, budget, { above: 0, max: bounds[1] - bounds[0] }),
    attackSteps,
    attackStepSize: options.attackStepSize ?? (reach * budget) / attackSteps,
    bounds,
  });
  if (typeof epsilon === 'function') return (step) => withBudget(`epsilon at step ${step}`, epsilon(step));
  const constant = withBudget('epsilon', epsilon);
  return () => constant;
}
