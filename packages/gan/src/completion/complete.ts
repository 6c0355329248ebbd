import {
  adam,
  ConfigError,
  type Optimizer,
  paceSteps,
  type RandomKey,
  rejectUnknownOptions,
  requireInteger,
  requireNumber,
  tf,
} from '@lab/core';
import { type Gan, drawLatents, requireImages } from '../gan.ts';
import { conditionFor } from '../minibatch.ts';
import { batchComparersOf } from '../networks/minibatch-std-dev.ts';
import type { Pictures } from '../pictures.ts';
import { type Observation, isKnown } from './observation.ts';

/** Options of `complete`. */
export interface CompleteOptions {
  /** Decides the first latents. */
  readonly key: RandomKey;
  /**
   * Steps of the search, at least 1.
   *
   * @default 200
   */
  readonly steps?: number;
  /**
   * Moves the latents; a fresh one, which is disposed of at the end. Momentum descent is
   * `sgd({ learningRate: 0.01, momentum: 0.9 })`.
   *
   * @default adam({ learningRate: 0.1 })
   */
  readonly optimizer?: Optimizer;
  /**
   * Weight of the perceptual term, G's own loss: how unbelievable D finds the whole picture. At least 0, and 0 leaves D out,
   * as it must be if it has a `MinibatchStdDev`.
   *
   * @default 0.1
   */
  readonly perceptual?: number;
  /**
   * Weight of the squared length of a latent, at least 0, which keeps it where G was trained: Bora et al. 2017, "Compressed
   * Sensing using Generative Models", section 3. Amos has none.
   *
   * @default 0.2 for `normal` latents, whose -log density it is; 0 for others
   */
  readonly prior?: number;
  /**
   * Every number of a latent is kept within this distance of 0.
   *
   * @default the largest that is drawn: 1 for `uniform`, sqrt 3 for `wideUniform`; 3 for `normal`
   */
  readonly limit?: number;
  /**
   * Searches for each picture, each from a latent of its own, of which the best is taken; at least 1.
   *
   * @default 1, or as many as there are classes in a conditional GAN without `labels`
   */
  readonly starts?: number;
  /**
   * The class of each picture, for a conditional GAN. Without them the first search is for class 0, the next for 1 and so on,
   * and the best one's class is found with the picture.
   *
   * @default none
   */
  readonly labels?: ArrayLike<number>;
}

/** What was found for N pictures. */
export interface Completion {
  /** `[N, latentDim]` */
  readonly latents: Pictures;
  /** Given or found, for a conditional GAN. */
  readonly labels?: readonly number[];
  /** G(z), `[N, height, width, channels]`. */
  readonly painted: Pictures;
  /** The same with the known pixels put back. */
  readonly completed: Pictures;
  /** How far what is seen of G(z) is from what is seen of the picture: the sum of absolute differences. */
  readonly contextual: Float32Array;
}

const names = ['key', 'steps', 'optimizer', 'perceptual', 'prior', 'limit', 'starts', 'labels'];
const limits = { uniform: 1, wideUniform: Math.sqrt(3), normal: 3 };

/**
 * Paints what is hidden of pictures: G and D stay as they are, and for each picture the latent is looked for whose picture
 * fits what is seen (contextual term, L1) and convinces D (perceptual term).
 *
 * Yeh et al. 2017, "Semantic Image Inpainting with Deep Generative Models", section 3, equations 3 to 6, with equal
 * weights and -log D for log(1 - D), as in B. Amos's "Image Completion with Deep Learning in TensorFlow".
 *
 * @param images `[N, height, width, channels]`, in the range of G's output; what is hidden of them is not looked at.
 * @throws ConfigError for an option out of its range, images that are not of the discriminator's shape, or an observation
 *   of another size.
 */
export async function complete(
  gan: Gan,
  images: Pictures,
  observation: Observation,
  options: CompleteOptions,
): Promise<Completion> {
  const search = beginSearch(gan, images, observation, options);
  try {
    const takeStep = () => {
      searchStep(search);
      return undefined;
    };
    for await (const _ of paceSteps(endlessly(images), { steps: search.steps }, takeStep, () => ({})));
    return await bestOf(search, images);
  } finally {
    tf.dispose([search.z, search.seen, search.condition ?? []]);
    search.optimizer.dispose();
  }
}

interface Search extends Required<Pick<CompleteOptions, 'steps' | 'optimizer' | 'perceptual' | 'prior' | 'limit'>> {
  readonly gan: Gan;
  readonly observation: Observation;
  /** `[starts * N, latentDim]`, all first searches before all second ones. */
  readonly z: tf.Variable<tf.Rank.R2>;
  /** What is seen of each search's picture. */
  readonly seen: tf.Tensor4D;
  readonly condition: tf.Tensor2D | undefined;
  readonly starts: number;
}

function beginSearch(gan: Gan, images: Pictures, observation: Observation, options: CompleteOptions): Search {
  rejectUnknownOptions('complete', options, names);
  requireImages(gan, images.shape);
  requireSameSize(observation, images.shape);
  const count = images.shape[0]!;
  const byClass = gan.classes !== undefined && options.labels === undefined;
  const starts = requireInteger('starts', options.starts ?? (byClass ? gan.classes : 1), { min: 1 });
  const set = {
    steps: requireInteger('steps', options.steps ?? 200, { min: 1 }),
    perceptual: requireNumber('perceptual', options.perceptual ?? 0.1, { min: 0 }),
    prior: requireNumber('prior', options.prior ?? (gan.latent === 'normal' ? 0.2 : 0), { min: 0 }),
    limit: requireNumber('limit', options.limit ?? limits[gan.latent], { above: 0 }),
    optimizer: options.optimizer ?? adam({ learningRate: 0.1 }),
  };
  requireJudgeOfOne(gan, set.perceptual);
  const { first, condition, seen } = tf.tidy(() => {
    const once = observation.observe(tf.tensor4d(images.data, images.shape as [number, number, number, number]));
    return {
      first: drawLatents(gan, options.key, starts * count),
      condition: conditionOf(gan, options.labels, count, starts),
      seen: repeated(once, starts),
    };
  });
  const z = tf.variable(first);
  first.dispose();
  return { gan, observation, z, seen, condition, starts, ...set };
}

function requireSameSize({ name, known }: Observation, shape: readonly number[]): void {
  const [received, expected] = [known.shape, [...shape.slice(1, 3), 1]].map((sizes) => `[${sizes.join(', ')}]`);
  if (received === expected) return;
  throw new ConfigError({ field: `The observation's shape (${name})`, value: known.shape, expected: expected! });
}

/** A D that compares the images of a batch would judge a picture by its neighbours, which have nothing to do with it. */
function requireJudgeOfOne({ discriminator }: Gan, perceptual: number): void {
  const [comparer] = batchComparersOf(discriminator);
  if (perceptual === 0 || comparer === undefined) return;
  const expected = `0: ${comparer.name} judges a picture by the others of its batch`;
  throw new ConfigError({ field: 'perceptual', value: perceptual, expected });
}

/** One-hot classes of all searches: the given ones of their pictures, or all first searches for class 0, and so on. */
function conditionOf(gan: Gan, given: ArrayLike<number> | undefined, count: number, starts: number) {
  if (gan.classes === undefined || given !== undefined) return repeated(conditionFor(gan, count, given), starts);
  const inTurn = Array.from({ length: starts * count }, (_, row) => Math.floor(row / count) % gan.classes!);
  return conditionFor(gan, starts * count, inTurn);
}

function repeated<T extends tf.Tensor | undefined>(x: T, times: number): T {
  return (x && tf.concat(new Array<tf.Tensor>(times).fill(x), 0)) as T;
}

function searchStep(search: Search): void {
  const { z, optimizer, limit } = search;
  tf.tidy(() => {
    const { grads } = tf.variableGrads(() => tf.sum(energies(search).total), [z]);
    optimizer.apply(grads, [z]);
    z.assign(tf.clipByValue(z, -limit, limit));
  });
}

/** What is minimised for each search, `[starts * N]`, and the first of its terms. */
function energies({ gan, observation, z, seen, condition, perceptual, prior }: Search) {
  const painted = paint(gan, z, condition);
  const contextual = sumRows(tf.abs(tf.sub(observation.observe(painted), seen)));
  const terms = [contextual];
  if (perceptual > 0) {
    // -log D(G(z)), from the logit.
    terms.push(tf.mul(perceptual, tf.softplus(tf.neg(logitsOf(gan, painted, condition)))));
  }
  if (prior > 0) terms.push(tf.mul(prior, sumRows(tf.square(z))));
  return { painted, contextual, total: terms.reduce((sum, term) => tf.add(sum, term)) };
}

/** The tape can be laid through this, which is why it isn't `generate`. */
function paint(gan: Gan, z: tf.Tensor2D, condition: tf.Tensor2D | undefined): tf.Tensor4D {
  return gan.generator.apply(condition === undefined ? z : [z, condition], { training: false }) as tf.Tensor4D;
}

/** D as it is after training, `[N]`. */
function logitsOf({ discriminator }: Gan, images: tf.Tensor4D, condition: tf.Tensor2D | undefined): tf.Tensor {
  const inputs = discriminator.inputs.length === 1 ? images : [images, condition!];
  const outputs = discriminator.apply(inputs, { training: false }) as tf.Tensor2D;
  return tf.reshape(tf.slice(outputs, [0, 0], [-1, 1]), [-1]);
}

async function bestOf(search: Search, images: Pictures): Promise<Completion> {
  const { observation, starts, z, condition } = search;
  const count = images.shape[0]!;
  const found = tf.tidy(() => {
    const { painted, contextual, total } = energies(search);
    const best = tf.argMin(tf.reshape(total, [starts, count]), 0);
    const rows = tf.add(tf.mul(best, tf.scalar(count, 'int32')), tf.range(0, count, 1, 'int32')) as tf.Tensor1D;
    const [latents, chosen, fit] = [z, painted, contextual].map((all) => tf.gather(all, rows));
    const original = tf.tensor(images.data, images.shape as number[]);
    const completed = tf.where(isKnown(observation.known), original, chosen!);
    const labels = condition && tf.argMax(tf.gather(condition, rows), 1);
    return { labels, latents: latents!, painted: chosen!, completed, contextual: fit! };
  });
  const [latents, painted, completed] = await Promise.all(
    [found.latents, found.painted, found.completed].map(async (tensor) => ({
      data: (await tensor.data<'float32'>()).slice(),
      shape: tensor.shape,
    })),
  );
  const contextual = (await found.contextual.data<'float32'>()).slice();
  const labels = await found.labels?.data();
  tf.dispose(found);
  return {
    latents: latents!,
    painted: painted!,
    completed: completed!,
    contextual,
    ...(labels && { labels: [...labels] }),
  };
}

function sumRows(x: tf.Tensor): tf.Tensor {
  return tf.sum(tf.reshape(x, [x.shape[0]!, -1]), 1);
}

function* endlessly<T>(value: T): Generator<T> {
  for (;;) yield value;
}
