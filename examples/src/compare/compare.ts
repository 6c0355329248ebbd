import type { RandomKey } from '@lab/core';
import { conditionalAccuracy, confusion, memorisation, type Rows } from '@lab/metrics';
import type { Dataset } from '@lab/mnist-data';
import { type Judge, picturesOf } from '../judge/judge.ts';
import { type Quality, qualityOf } from '../judge/quality.ts';
import { type RealPictures, readRealPictures, scoringKey } from '../judge/real-pictures.ts';
import { hostPictures } from '../run/host-pictures.ts';
import { evenly } from '../score/evenly.ts';
import type { Contender } from './contenders.ts';
import { wattHours } from './energy.ts';

/** How good a model's pictures are, and what they cost. */
export interface Compared {
  readonly name: string;
  readonly quality: ComparedQuality;
  /** None for real pictures. */
  readonly cost?: {
    readonly parameters: number;
    readonly passes: number;
    readonly millisecondsAPicture: number;
    readonly trainingSeconds: number;
    /** Of the training, estimated. */
    readonly wattHours: number;
  };
}

/** Against the test set. */
export interface ComparedQuality extends Quality {
  /** Null for a model that isn't asked. */
  readonly conditionalAccuracy: number | null;
  /** Share of pictures that are nearer to the training set than held-out ones usually are: .5 for new ones, 1 for copies; null for the training set's own. */
  readonly nearerThanHeldOut: number | null;
}

/** Held-out pictures that tell how near to the training set new ones come, at most. */
const heldOut = 2000;

/**
 * Has every contender draw, and measures what they drew; the last row is of real training pictures.
 *
 * @param count Pictures of each, digits in turn; more than the judge has features.
 */
export async function* compare(
  all: readonly Contender[],
  { judge, dataset, count, key }: { judge: Judge; dataset: Dataset; count: number; key: RandomKey },
): AsyncGenerator<Compared, void, undefined> {
  const measured = { judge, dataset, real: await readRealPictures(judge, dataset) };
  const asked = Array.from({ length: count }, (_, i) => i % 10);
  for (const contender of all) {
    const { name, parameters, passes, trainingSeconds, isConditional } = contender;
    const started = performance.now();
    const pictures = await hostPictures(contender.draw(asked, key.child(name)));
    const millisecondsAPicture = (performance.now() - started) / count;
    const quality = await measure(pictures, measured, isConditional ? asked : undefined);
    const cost = { parameters, passes, millisecondsAPicture, trainingSeconds, wattHours: wattHours(trainingSeconds) };
    yield { name, quality, cost };
  }
  const training = picturesOf(
    dataset.train,
    scoringKey.child('floor').permutation(dataset.train.count).subarray(0, count),
  );
  const quality = await qualityOf(await judge(training), measured.real.reference);
  yield { name: 'real training pictures', quality: { ...quality, conditionalAccuracy: null, nearerThanHeldOut: null } };
}

async function measure(
  pictures: Rows,
  { judge, dataset, real }: { judge: Judge; dataset: Dataset; real: RealPictures },
  asked?: readonly number[],
): Promise<ComparedQuality> {
  const judged = await judge(pictures);
  const { nearerThanHeldOut } = await memorisation(
    pictures,
    picturesOf(dataset.train),
    picturesOf(dataset.test, evenly(Math.min(heldOut, dataset.test.count), dataset.test.count)),
  );
  return {
    ...(await qualityOf(judged, real.reference)),
    conditionalAccuracy: asked ? conditionalAccuracy(confusion(asked, judged.probabilities)).accuracy : null,
    nearerThanHeldOut,
  };
}
