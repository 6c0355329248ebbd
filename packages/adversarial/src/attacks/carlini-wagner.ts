import { adam, rejectUnknownOptions, requireInteger, requireNumber, tf } from '@lab/core';
import type { Bounds, Pictures } from '../pictures.ts';
import { type Predict, requireLogits } from '../predict.ts';
import { gradientThrough } from './ascend.ts';
import { type AttackBatch, attackBatches } from './attack-batches.ts';
import { type AttackOptions, attackOptionNames, resolveAttackOptions } from './attack-options.ts';
import { type AttackResult, type Attempt, resultOf } from './attack-result.ts';
import type { Criterion } from './criterion.ts';
import { type Sight, lead, readSight } from './goal.ts';

/** Options of `carliniWagner`. */
export interface CarliniWagnerOptions extends AttackOptions {
  /**
   * Adam's steps in each search step, at least 1.
   *
   * @default 1000
   */
  readonly steps?: number;
  /**
   * Steps of the search for the weight c, at least 1.
   *
   * @default 9
   */
  readonly searchSteps?: number;
  /**
   * The first c, above 0. With few search steps 1 serves better.
   *
   * @default 0.001
   */
  readonly initialWeight?: number;
  /**
   * Adam's step size, above 0.
   *
   * @default 0.01
   */
  readonly learningRate?: number;
  /**
   * The lead in logits that counts as success (kappa), at least 0.
   *
   * @default 0
   */
  readonly confidence?: number;
}

type Resolved = Required<Omit<CarliniWagnerOptions, keyof AttackOptions>>;

/** The nearest success so far of each picture of a batch, on the backend. */
interface Nearest {
  /** `[B, height, width, channels]` */
  readonly images: tf.Variable<tf.Rank.R4>;
  /** Squared distance, `[B]`; infinite where there was no success. */
  readonly distance: tf.Variable<tf.Rank.R1>;
}

/**
 * Minimises |delta|^2 + c max(-lead, -kappa) over the pictures that tanh can express, by Adam; c is searched for each
 * picture: ten times as large as long as nothing succeeds, then by bisection. Minimal, in L2. A trace has one entry for
 * each search step, of the nearest success up to there.
 *
 * Carlini & Wagner 2017, "Towards Evaluating the Robustness of Neural Networks", sections V and VI.A.
 *
 * @param images Within the bounds.
 * @throws ConfigError for bad pictures, classes or options.
 */
export async function carliniWagner(
  predict: Predict,
  images: Pictures,
  criterion: Criterion,
  options: CarliniWagnerOptions = {},
): Promise<AttackResult> {
  const resolved = resolveOptions(options);
  const common = resolveAttackOptions(options);
  const attempts = await attackBatches(predict, images, criterion, common, (batch) =>
    attackBatch(predict, batch, common.bounds, resolved),
  );
  return resultOf('minimal', images, attempts);
}

async function attackBatch(
  predict: Predict,
  batch: AttackBatch,
  bounds: Bounds,
  options: Resolved,
): Promise<Attempt[]> {
  const { images, goal } = batch;
  const count = images.shape[0];
  const weights = new WeightSearch(count, options.initialWeight);
  const nearest: Nearest = {
    images: tf.variable(images),
    distance: tf.tidy(() => tf.variable(tf.fill([count], Infinity))) as tf.Variable<tf.Rank.R1>,
  };
  const sights: Sight[] = [];
  const see = async () => {
    const logits = tf.tidy(() => requireLogits(predict(nearest.images), count));
    sights.push(await readSight(logits, goal));
  };
  try {
    await see();
    for (let search = 0; search < options.searchSteps; search++) {
      weights.learn(await descend(predict, batch, bounds, options, weights.present, nearest));
      await see();
    }
    const distances = await nearest.distance.data();
    return attemptsOfSearch((await nearest.images.data()) as Float32Array, distances, sights);
  } finally {
    tf.dispose([nearest.images, nearest.distance]);
  }
}

/** One search step: Adam from the original pictures. Returns which of them met success with these weights. */
async function descend(
  predict: Predict,
  { images, goal }: AttackBatch,
  bounds: Bounds,
  { steps, learningRate, confidence }: Resolved,
  weights: Float32Array,
  nearest: Nearest,
): Promise<ArrayLike<number>> {
  const w = tf.tidy(() => tf.variable(fromBounds(images, bounds)));
  const met = tf.tidy(() => tf.variable(tf.zeros([weights.length])));
  const c = tf.tensor1d(weights);
  const optimizer = adam({ learningRate });
  const distanceOf = (present: tf.Tensor4D) => tf.sum(tf.square(tf.sub(present, images)), [1, 2, 3]) as tf.Tensor1D;
  const penalty = (ahead: tf.Tensor1D): tf.Tensor1D => tf.mul(c, tf.maximum(tf.neg(ahead), -confidence));
  try {
    for (let step = 0; step <= steps; step++) {
      tf.tidy(() => {
        const present = intoBounds(w, bounds);
        const distance = distanceOf(present);
        const { logits, gradient } = gradientThrough(predict, (l) => penalty(lead(l, goal)), present);
        const ahead = lead(logits, goal);
        // kappa = 0 asks for a reading, not for a tie.
        const succeeds = confidence > 0 ? tf.greaterEqual(ahead, confidence) : tf.greater(ahead, 0);
        met.assign(tf.maximum(met, tf.cast(succeeds, 'float32')));
        keepNearer(nearest, present, distance, succeeds);
        if (step < steps) optimizer.apply({ [w.name]: throughTanh(w, present, gradient) }, [w]);
      });
    }
    return (await met.data()).slice();
  } finally {
    tf.dispose([w, met, c]);
    optimizer.dispose();
  }

  /** From the penalty's gradient with respect to the pictures to the whole objective's with respect to w. */
  function throughTanh(at: tf.Tensor4D, present: tf.Tensor4D, gradient: tf.Tensor4D): tf.Tensor4D {
    const ofPictures = tf.add(gradient, tf.mul(2, tf.sub(present, images)));
    const slope = tf.mul((bounds[1] - bounds[0]) / 2, tf.sub(1, tf.square(tf.tanh(at))));
    return tf.mul(ofPictures, slope);
  }
}

function keepNearer({ images, distance }: Nearest, present: tf.Tensor4D, reached: tf.Tensor1D, succeeds: tf.Tensor) {
  const isNearer = tf.logicalAnd(succeeds, tf.less(reached, distance));
  distance.assign(tf.where(isNearer, reached, distance));
  images.assign(tf.where(tf.reshape(isNearer, [-1, 1, 1, 1]), present, images));
}

/** tanh's preimage of the pictures, scaled so that it is finite at the bounds. */
function fromBounds(images: tf.Tensor4D, [min, max]: Bounds): tf.Tensor4D {
  const unit = tf.mul(tf.sub(tf.mul(tf.div(tf.sub(images, min), max - min), 2), 1), 0.999999);
  return tf.mul(0.5, tf.sub(tf.log1p(unit), tf.log1p(tf.neg(unit))));
}

function intoBounds(w: tf.Tensor4D, [min, max]: Bounds): tf.Tensor4D {
  return tf.add(min, tf.mul((max - min) / 2, tf.add(tf.tanh(w), 1)));
}

/** Each picture's c: between the largest that failed and the smallest that succeeded. */
class WeightSearch {
  readonly present: Float32Array;
  readonly #failed: Float32Array;
  readonly #succeeded: Float32Array;

  constructor(count: number, initial: number) {
    this.present = new Float32Array(count).fill(initial);
    this.#failed = new Float32Array(count);
    this.#succeeded = new Float32Array(count).fill(Infinity);
  }

  learn(met: ArrayLike<number>): void {
    this.present.forEach((c, i) => {
      if (met[i]! > 0) this.#succeeded[i] = Math.min(this.#succeeded[i]!, c);
      else this.#failed[i] = Math.max(this.#failed[i]!, c);
      const [low, high] = [this.#failed[i]!, this.#succeeded[i]!];
      this.present[i] = high < Infinity ? (low + high) / 2 : 10 * c;
    });
  }
}

function attemptsOfSearch(
  adversarial: Float32Array,
  distances: ArrayLike<number>,
  sights: readonly Sight[],
): Attempt[] {
  const size = adversarial.length / distances.length;
  return Array.from(distances, (distance, i) => {
    const first = sights.findIndex(({ lead: ahead }) => ahead[i]! > 0);
    return {
      adversarial: adversarial.slice(i * size, (i + 1) * size),
      success: distance < Infinity,
      stepsToSuccess: first === -1 ? undefined : first,
      confidence: Float32Array.from(sights, (sight) => sight.confidence[i]!),
    };
  });
}

function resolveOptions(options: CarliniWagnerOptions): Resolved {
  const own = ['steps', 'searchSteps', 'initialWeight', 'learningRate', 'confidence'] as const;
  rejectUnknownOptions('carliniWagner', options, [...attackOptionNames, ...own]);
  return {
    steps: requireInteger('steps', options.steps ?? 1000, { min: 1 }),
    searchSteps: requireInteger('searchSteps', options.searchSteps ?? 9, { min: 1 }),
    initialWeight: requireNumber('initialWeight', options.initialWeight ?? 1e-3, { above: 0 }),
    learningRate: requireNumber('learningRate', options.learningRate ?? 1e-2, { above: 0 }),
    confidence: requireNumber('confidence', options.confidence ?? 0, { min: 0 }),
  };
}
