import { adam, cosineDecay, Ema, type RandomKey } from '@lab/core';
import {
  anomalyScores,
  anyClass,
  classConditionalModel,
  type DiffusionModel,
  trainableVariables,
  trainDiffusion,
  type TrainingBatch,
} from '@lab/diffusion';
import { areaUnderRoc, nearestNeighbours, type Rows } from '@lab/metrics';
import { type Dataset, endlessBatches, filterClasses, type LabelledImages, toFloat } from '@lab/mnist-data';
import type { Images } from '@lab/viz';
import { meanPicture } from '../judge/mean-picture.ts';
import type { UsesSetting } from './settings.ts';
import { firstOfEach, type Subjects, toSigned } from './subjects.ts';

/** How well a digit that was never shown is told from those that were: areas under the ROC. */
export interface Oddity {
  readonly leftOut: number;
  /** By the denoising error at each `sigma / alpha`. */
  readonly diffusion: Readonly<Record<number, number>>;
  /** By the distance to the mean of the training pictures. */
  readonly toMean: number;
  /** By the distance to the nearest training picture. */
  readonly toNearest: number;
  /** Those that are taken for the oddest, in order. */
  readonly oddest: Images;
  readonly trainingSeconds: number;
}

/** The first is what the uses' default is. */
export const noises = [1, 0.5, 2] as const;

/** Pictures of the oddest that are shown. */
const shown = 20;

/** Trains a model of all digits but one, which is told no digit, and asks it and two baselines which test pictures are odd. */
export async function findOddities(
  { train, test }: Dataset,
  leftOut: number,
  key: RandomKey,
  setting: Pick<UsesSetting, 'widths' | 'trainingSteps' | 'scoredOfEachDigit'>,
): Promise<Oddity> {
  const known = filterClasses(
    train,
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((digit) => digit !== leftOut),
  );
  const started = performance.now();
  const model = await trainWithout(known, key, setting);
  const trainingSeconds = Math.round((performance.now() - started) / 1000);
  const subjects = firstOfEach(test, setting.scoredOfEachDigit);
  const areaOf = (scores: ArrayLike<number>) => areaUnderRoc(...split(subjects, leftOut, scores));
  const byNoise = await denoisingScores(model, subjects, key.child('scores'));
  const baselines = await distances(known, subjects);
  model.network.dispose();
  return {
    leftOut,
    diffusion: Object.fromEntries(noises.map((noise, i) => [noise, areaOf(byNoise[i]!)])),
    toMean: areaOf(baselines.toMean),
    toNearest: areaOf(baselines.toNearest),
    oddest: take(subjects.images, byNoise[0]!),
    trainingSeconds,
  };
}

async function trainWithout(
  known: LabelledImages,
  key: RandomKey,
  { widths, trainingSteps: steps }: Pick<UsesSetting, 'widths' | 'trainingSteps'>,
): Promise<DiffusionModel> {
  const model = classConditionalModel(key.child('network'), { widths });
  const variables = trainableVariables(model);
  const ema = new Ema(variables, { decay: 0.99, warmup: true });
  const optimizer = adam({ learningRate: cosineDecay({ learningRate: 2e-3, steps, warmup: Math.min(50, steps) }) });
  const batches = withoutClass(model, endlessBatches(known, { batchSize: 64, seed: 0, range: 'signed' }));
  const options = { optimizer, ema, key: key.child('training'), steps, metricsEvery: steps };
  for await (const progress of trainDiffusion(model, batches, options)) void progress;
  ema.copyTo(variables);
  ema.dispose();
  optimizer.dispose();
  return model;
}

function* withoutClass(model: DiffusionModel, batches: Iterable<TrainingBatch>): Generator<TrainingBatch> {
  for (const { data, shape } of batches) yield { data, shape, labels: anyClass(model, shape[0]!) };
}

async function denoisingScores(model: DiffusionModel, { images }: Subjects, key: RandomKey): Promise<Float32Array[]> {
  const pictures = toSigned(images);
  const scores: Float32Array[] = [];
  for (const noise of noises) scores.push(await anomalyScores(model, pictures, key, { noise }));
  pictures.dispose();
  return scores;
}

async function distances(known: LabelledImages, { images }: Subjects) {
  const mean = meanPicture(known);
  const count = images.shape[0]!;
  const toMean = Array.from({ length: count }, (_, n) =>
    mean.reduce((sum, value, i) => sum + (images.data[n * 784 + i]! - value) ** 2, 0),
  );
  const training: Rows = { data: toFloat(known, 'all', 'unit'), shape: [known.count, 784] };
  const queries = { data: Float32Array.from(images.data), shape: [count, 784] };
  return { toMean, toNearest: (await nearestNeighbours(queries, training)).distances };
}

function split({ labels }: Subjects, leftOut: number, scores: ArrayLike<number>): [usual: number[], odd: number[]] {
  const all = Array.from(scores);
  return [all.filter((_, i) => labels[i] !== leftOut), all.filter((_, i) => labels[i] === leftOut)];
}

function take({ data }: Images, scores: ArrayLike<number>): Images {
  const order = Array.from(scores, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const chosen = order.slice(0, shown);
  const taken = new Float32Array(chosen.length * 784);
  chosen.forEach((index, i) => taken.set(data.slice(index * 784, (index + 1) * 784), i * 784));
  return { data: taken, shape: [chosen.length, 28, 28, 1] };
}
