import { join } from 'node:path';
import { readCheckpoint, writeFileAtomic } from '@lab/core/node';
import { type Gan, restoreGenerator } from '@lab/gan';
import { type Dataset, type LabelledImages, subset } from '@lab/mnist-data';
import { type Judge, type Judged, picturesOf } from '../judge/judge.ts';
import { type Quality, qualityOf } from '../judge/quality.ts';
import type { PresetName } from '../presets.ts';
import { judgedSamples } from '../results/snapshot-scores.ts';
import type { RunConfig } from '../run/config.ts';
import { generatorFile, runFiles } from '../run/files.ts';
import { readJson } from '../run/read-files.ts';
import { createTraining, disposeTraining } from '../run/training.ts';
import { evenly } from '../score/evenly.ts';

/** `scores.json` of a run. */
export interface RunScores {
  /** Samples of each generator, and as many test pictures. */
  readonly count: number;
  readonly seconds: number;
  readonly snapshots: readonly (Quality & { readonly step: number })[];
  /** Of as many training pictures in place of samples. */
  readonly floor: Quality;
}

/** Pictures that are compared; 10,000 take a quarter of a minute for each generator. */
const counts: Readonly<Record<PresetName, number>> = { smoke: 150, quick: 1000, lab: 10_000, paper: 10_000 };

/** What the runs of one task are scored by. */
export interface RunScorer {
  readonly count: number;
  readonly floor: Quality;
  readonly measure: (pictures: Judged['images']) => Promise<Quality>;
}

/** Reads real pictures of the bundled MNIST by the judge. */
export async function runScorer(judge: Judge, { train, test }: Dataset, preset: PresetName): Promise<RunScorer> {
  const count = Math.min(counts[preset], test.count);
  const some = (images: LabelledImages) => picturesOf(subset(images, evenly(count, images.count)));
  const reference = await judge(some(test));
  const measure = async (pictures: Judged['images']) => qualityOf(await judge(pictures), reference);
  return { count, floor: await measure(some(train)), measure };
}

/** Scores each snapshot's generator, and writes that beside them; nothing where it is there already. */
export async function scoreRun(
  folder: string,
  config: RunConfig,
  steps: readonly number[],
  images: LabelledImages,
  scorer: RunScorer,
  signal: AbortSignal,
): Promise<void> {
  const file = join(folder, runFiles.scores);
  const before = await readJson<RunScores>(file);
  if (before?.snapshots.length === steps.length) return;
  const started = performance.now();
  const training = createTraining(config, images);
  try {
    const snapshots: RunScores['snapshots'][number][] = [];
    for (const step of steps) {
      if (signal.aborted) return;
      snapshots.push({ step, ...(await scorer.measure(await samplesAt(folder, step, training.gan, scorer.count))) });
    }
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    const { count, floor } = scorer;
    const scores: RunScores = { count, seconds, snapshots, floor };
    await writeFileAtomic(file, `${JSON.stringify(scores, null, 2)}\n`);
  } finally {
    disposeTraining(training);
  }
}

async function samplesAt(folder: string, step: number, gan: Gan, count: number): Promise<Judged['images']> {
  const file = join(folder, generatorFile(step));
  restoreGenerator(gan, (await readCheckpoint(file)).tensors, file);
  return (await judgedSamples(gan, count)).pictures;
}
