import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type NamedTensors, RandomKey, type tf } from '@lab/core';
import { readCheckpoint, writeCheckpoint } from '@lab/core/node';
import { ganState, ganWeights, restoreGan, trainGan } from '@lab/gan';
import { endlessBatches, type LabelledImages } from '@lab/mnist-data';
import { generatorFile, makeFolder, runFiles } from '../run/files.ts';
import { trainingKey } from '../run/training.ts';
import { type Cure, cures, type CureName, type Treatment } from './cures.ts';

/** The marks of task 2.2. */
const marks = [20_000, 50_000, 100_000];
const checkpointEvery = 2_500;
const metricsEvery = 500;
const batchSize = 128;

/** One run: a cure, and the seed of its first weights, batches and latents. */
export interface CureRun {
  readonly name: CureName;
  readonly seed: number;
  /** Where its files are. */
  readonly folder: string;
}

/** The steps at which a run's generator is kept. */
export function marksOf({ steps }: Cure): number[] {
  return [...marks.filter((mark) => mark < steps), steps];
}

/**
 * Trains a run to its end from the last checkpoint in its folder, if there is one, and leaves a generator file for each
 * mark. Weights, batches and latents are those of `npm run lab -- gan` of that seed, wherever the cure leaves them alone.
 *
 * @param tell Is told how it goes.
 */
export async function trainCure(run: CureRun, images: LabelledImages, tell: (line: string) => void): Promise<void> {
  const cure: Cure = cures[run.name];
  const treatment = beginCure(run);
  await makeFolder(run.folder);
  const checkpoint = join(run.folder, runFiles.checkpoint);
  if (existsSync(checkpoint)) await restoreGan(treatment, (await readCheckpoint(checkpoint)).tensors, checkpoint);
  const startStep = treatment.gOptimizer.step;
  const batches = endlessBatches(images, { batchSize, seed: run.seed, startStep, reuseArrays: true });
  const options = { ...treatment, key: trainingKey(run.seed), steps: cure.steps, startStep, metricsEvery };
  for await (const { step, dLoss, gLoss } of trainGan(treatment.gan, batches, options)) {
    const isMark = marksOf(cure).includes(step);
    if (isMark) await saveGenerator(run, treatment, step);
    if (!isMark && step % checkpointEvery !== 0) continue;
    await writeCheckpoint(checkpoint, await ganState(treatment), { step: String(step) });
    tell(`${run.name} ${run.seed}: step ${step}, D loss ${dLoss.toFixed(3)}, G loss ${gLoss.toFixed(3)}`);
  }
  disposeTreatment(treatment);
}

/** A run at step 0. */
export function beginCure({ name, seed }: Pick<CureRun, 'name' | 'seed'>): Treatment {
  return cures[name].begin(RandomKey.fromSeed(seed).child('networks'));
}

export function disposeTreatment({ gan, dOptimizer, gOptimizer, gAverage }: Treatment): void {
  for (const network of [gan.generator, gan.discriminator]) network.dispose();
  for (const each of [dOptimizer, gOptimizer, gAverage]) each?.dispose();
}

/** G, or its average where that is the cure, in half precision as runs keep it. */
async function saveGenerator({ folder }: CureRun, { gan, gAverage }: Treatment, step: number): Promise<void> {
  const weights = gan.generator.weights.map((weight) => weight.read() as tf.Variable);
  gAverage?.swap(weights);
  const all = await ganWeights(gan);
  gAverage?.swap(weights);
  const own = Object.entries(all).filter(([name]) => name.startsWith('generator/'));
  const halved: NamedTensors = Object.fromEntries(
    own.map(([name, tensor]) => [name, { ...tensor, dtype: 'F16' as const }]),
  );
  await writeCheckpoint(join(folder, generatorFile(step)), halved, { step: String(step) });
}
