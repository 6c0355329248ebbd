import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCheckpoint } from '@lab/core/node';
import { frechetDistance, moments } from '@lab/metrics';
import { loadIdxDirectory, loadMnist } from '@lab/mnist-data/node';
import { type Judge, picturesOf } from '../judge/judge.ts';
import { judgedSamples } from '../results/snapshot-scores.ts';
import { saveGenerator } from './checkpoint.ts';
import type { RunConfig } from './config.ts';
import { runFiles } from './files.ts';
import type { Training } from './training.ts';

/** A Fréchet distance, and whether it is the least of the run up to there. */
export interface Considered {
  readonly frechet: number;
  readonly isBest: boolean;
}

/** Keeps the generator that was best so far, of those it is shown. */
export type ConsiderGenerator = (step: number) => Promise<Considered>;

/** Enough to tell snapshots apart; final figures are of 10,000. */
const samples = 2000;

/**
 * Judges a run's generator by the Fréchet distance of 2,000 samples to the test set, and writes it to a file of its own when
 * it is the best so far. Training's random numbers are not touched.
 */
export async function keepBest(
  folder: string,
  training: Training,
  config: RunConfig,
  judge: Judge,
): Promise<ConsiderGenerator> {
  const { test } = await (config.data.folder === null ? loadMnist() : loadIdxDirectory(config.data.folder));
  const reference = moments((await judge(picturesOf(test))).features);
  let least = await leastSoFar(join(folder, runFiles.best));
  return async (step) => {
    const { pictures } = await judgedSamples(training.gan, samples);
    const { features } = await judge(pictures);
    const frechet = frechetDistance(features, reference);
    const isBest = frechet < least;
    if (isBest) {
      least = frechet;
      await saveGenerator(join(folder, runFiles.best), training, config, step, { frechet: String(frechet) });
    }
    return { frechet, isBest };
  };
}

async function leastSoFar(path: string): Promise<number> {
  return existsSync(path) ? Number((await readCheckpoint(path)).metadata['frechet']) : Infinity;
}
