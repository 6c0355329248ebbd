import {
  anatomyGap,
  classifierScore,
  classStatistics,
  digitAnatomy,
  frechetDistance,
  kernelDistance,
  labelEntropy,
  manifoldScores,
  predictedLabels,
} from '@lab/metrics';
import type { Judged } from './judge.ts';

/** How good pictures are, as the judge sees them beside real ones. */
export interface Quality {
  readonly frechet: number;
  readonly kernel: number;
  readonly precision: number;
  readonly recall: number;
  readonly density: number;
  readonly coverage: number;
  readonly classifierScore: number;
  /** Of the classes, over that of equal shares. */
  readonly entropy: number;
  /** Share that the judge is sure of, above .9. */
  readonly sure: number;
  /** How much less often than real digits of the same classes they have one stroke and legal holes. */
  readonly anatomyGap: number | null;
  /** Pictures of each class. */
  readonly counts: readonly number[];
}

/** @param reference Real pictures, those that were judged. */
export async function qualityOf(samples: Judged, reference: Judged): Promise<Quality> {
  const { features, probabilities } = samples;
  const classes = classStatistics(probabilities);
  const [built, real] = [samples, reference].map((set) => digitAnatomy(set.images, predictedLabels(set.probabilities)));
  const isComparable = built!.every((one, label) => one.count === 0 || real![label]!.count > 0);
  return {
    frechet: frechetDistance(features, reference.features),
    kernel: (await kernelDistance(features, reference.features)).value,
    ...(await manifoldScores(features, reference.features)),
    classifierScore: classifierScore(classes),
    entropy: labelEntropy(classes.histogram),
    sure: classes.confident / classes.count,
    anatomyGap: isComparable ? anatomyGap(built!, real!).both : null,
    counts: classes.histogram,
  };
}
