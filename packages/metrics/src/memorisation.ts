import { areaUnderRoc } from './area-under-roc.ts';
import { quantile } from './interval.ts';
import { type Neighbours, nearestNeighbours } from './nearest-neighbours.ts';
import type { Rows } from './rows.ts';

/** How near samples come to the training set, beside how near new real rows come. */
export interface Memorisation {
  /** Of each sample in the training set. */
  readonly nearest: Neighbours;
  /** Median distance of a sample to its nearest training row. */
  readonly median: number;
  /** The same of held-out real rows. */
  readonly heldOutMedian: number;
  /**
   * How often a sample is nearer to the training set than a held-out real row is; a tie counts half. .5 for samples as new as
   * real ones, towards 1 for copies, towards 0 for what resembles no real row. (Meehan et al. 2020, over all cells at once.)
   */
  readonly nearerThanHeldOut: number;
  /** Share of the samples that are nearer than all but 1% of the held-out rows: near .01 unless rows were memorised. */
  readonly suspicious: number;
  /** The samples in the order of their distance, nearest first: those to look at. */
  readonly order: Uint32Array;
}

/**
 * Whether samples are copies of training rows. Held-out rows are new for sure, and so their distances to the training
 * set are what those of new samples should look like. By pixels it finds copies, by features also what a person would
 * call the same picture.
 *
 * @param samples `[N, ...]`
 * @param training `[M, ...]`, what the generator was trained on.
 * @param heldOut `[K, ...]`, real rows that it never saw.
 * @throws ConfigError for no rows, sizes that differ, or NaN.
 */
export async function memorisation(samples: Rows, training: Rows, heldOut: Rows): Promise<Memorisation> {
  const nearest = await nearestNeighbours(samples, training);
  const expected = (await nearestNeighbours(heldOut, training)).distances.sort();
  const found = nearest.distances.slice().sort();
  const threshold = quantile(expected, 0.01);
  return {
    nearest,
    median: quantile(found, 0.5),
    heldOutMedian: quantile(expected, 0.5),
    nearerThanHeldOut: areaUnderRoc(found, expected),
    suspicious: found.filter((distance) => distance < threshold).length / found.length,
    order: Uint32Array.from(nearest.distances.keys()).sort((i, j) => nearest.distances[i]! - nearest.distances[j]!),
  };
}
