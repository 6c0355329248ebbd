import { type RandomKey, tf } from '@lab/core';
import {
  type Completion,
  type Observation,
  type Pictures,
  centreMask,
  complete,
  gridMask,
  leftMask,
  lowResolution,
  randomMask,
} from '@lab/gan';
import { type Dataset, toFloat } from '@lab/mnist-data';
import { loadJudge } from '../judge/load-judge.ts';
import { meanPicture } from '../judge/mean-picture.ts';
import { readAs } from '../judge/read-as.ts';
import { evenly } from '../score/evenly.ts';
import type { TrainedGan } from './trained-gan.ts';

/** How a picture was completed, and how much better than without a model. */
export interface MaskFindings {
  readonly name: string;
  /** The share of pixels that is hidden. */
  readonly hidden: number;
  /** Mean squared errors on the hidden pixels. */
  readonly error: { readonly completed: number; readonly meanImage: number; readonly blocks: number | null };
  /** Shares that the judge reads as the digit they were: of the completed ones, and of those filled with the mean image. */
  readonly read: { readonly completed: number; readonly meanImage: number };
  /** The share whose class the search itself found; null where the GAN has no classes. */
  readonly found: number | null;
}

/** What the experiment is about. */
export interface CompletionPlan {
  readonly trained: TrainedGan;
  readonly key: RandomKey;
  readonly pictures: number;
  readonly steps: number;
  readonly tell: (message: string) => void;
}

/** The findings on one kind of mask, and the pictures that they are about. */
export interface MaskResult {
  readonly findings: MaskFindings;
  readonly seen: Pictures;
  readonly completion: Completion;
}

export interface CompletionResult {
  readonly images: Pictures;
  readonly masks: readonly MaskResult[];
}

const size = [28, 28] as const;

/** Of the pixels of `randomMask`, this share is hidden: a fifth, as Amos has it, would be read without a model. */
const randomShare = 0.8;

/** Completes pictures of the test set behind each kind of mask. */
export async function completeTestPictures(plan: CompletionPlan, { train, test }: Dataset): Promise<CompletionResult> {
  const { trained, key, pictures, steps, tell } = plan;
  const chosen = evenly(pictures, test.count);
  const images = { data: toFloat(test, chosen, 'unit'), shape: [chosen.length, ...size, 1] };
  const labels = chosen.map((index) => test.labels[index]!);
  const meanImage = meanPicture(train);
  const judge = await loadJudge();
  const readShare = (filled: Pictures) => readAs(judge, filled, labels);
  const masks: MaskResult[] = [];
  for (const observation of observations(key)) {
    const search = { key: key.child('search'), steps, ...(trained.hasDiscriminator ? {} : { perceptual: 0 }) };
    const completion = await complete(trained.gan, images, observation, search);
    const { known } = observation;
    const filled = fill(images, known, (i) => meanImage[i % 784]!);
    const seen = show(observation, images);
    const error = {
      completed: hiddenError(completion.completed, images, known),
      meanImage: hiddenError(filled, images, known),
      blocks: isMasked(observation) ? null : hiddenError(seen, images, known),
    };
    const findings = {
      name: observation.name,
      hidden: known.data.filter((value) => value === 0).length / known.data.length,
      error,
      read: { completed: await readShare(completion.completed), meanImage: await readShare(filled) },
      found: completion.labels === undefined ? null : share(completion.labels, labels),
    };
    masks.push({ findings, seen, completion });
    tell(`${observation.name}: error ${error.completed.toFixed(4)}, of the mean image ${error.meanImage.toFixed(4)}`);
  }
  return { images, masks };
}

function observations(key: RandomKey): Observation[] {
  const random = randomMask(size, key.child('mask'), { share: randomShare });
  return [centreMask(size), random, leftMask(size), gridMask(size), lowResolution(size)];
}

/** What is seen, as a picture: hidden pixels grey, blocks as large as their pixels. */
function show(observation: Observation, images: Pictures): Pictures {
  if (isMasked(observation)) return fill(images, observation.known, () => 0.35);
  return tf.tidy(() => {
    const seen = observation.observe(tf.tensor4d(images.data, images.shape as [number, number, number, number]));
    const large = tf.image.resizeNearestNeighbor(seen, [...size]);
    return { data: large.dataSync<'float32'>().slice(), shape: large.shape };
  });
}

function isMasked({ known }: Observation): boolean {
  return known.data.some((value) => value === 1);
}

function fill({ data, shape }: Pictures, known: Pictures, value: (index: number) => number): Pictures {
  return { data: data.map((pixel, i) => (known.data[i % 784] === 1 ? pixel : value(i))), shape };
}

function hiddenError({ data }: Pictures, truth: Pictures, { data: known }: Pictures): number {
  let [sum, count] = [0, 0];
  data.forEach((pixel, i) => {
    if (known[i % 784] === 1) return;
    sum += (pixel - truth.data[i]!) ** 2;
    count += 1;
  });
  return sum / count;
}

/** The share of classes that are those of the labels. */
function share(read: ArrayLike<number>, labels: readonly number[]): number {
  return labels.filter((label, i) => read[i] === label).length / labels.length;
}
