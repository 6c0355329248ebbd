import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { adam, ConfigError, Ema, RandomKey } from '@lab/core';
import { readCheckpoint, writeCheckpoint } from '@lab/core/node';
import {
  diffusionState,
  type DiffusionTraining,
  restoreDiffusion,
  trainableVariables,
  trainDiffusion,
} from '@lab/diffusion';
import { endlessBatches, type LabelledImages } from '@lab/mnist-data';
import { makeFolder, runFiles } from '../run/files.ts';
import type { RunMode } from '../run/config.ts';
import type { Setting } from './settings.ts';

/** A reading of the loss: the mean of those since the last. */
export interface LossRow {
  readonly step: number;
  readonly loss: number;
}

/** How a training ended. */
export interface Trained extends DiffusionTraining {
  readonly ema: Ema;
  readonly step: number;
  readonly isFinished: boolean;
  readonly seconds: number;
  readonly losses: readonly LossRow[];
}

export interface TrainRequest {
  readonly folder: string;
  readonly mode: RunMode;
  readonly seed: number;
  readonly steps: number;
  readonly batch: number;
  readonly signal: AbortSignal;
  readonly tell: (message: string) => void;
}

/**
 * Trains the setting's model, from its checkpoint if the run is resumed, and leaves a checkpoint behind.
 *
 * @throws ConfigError if there is a run in the folder that is neither to be resumed nor replaced, or none to resume.
 */
export async function train(setting: Setting, images: LabelledImages, request: TrainRequest): Promise<Trained> {
  const { folder, seed, steps, batch, signal, tell } = request;
  const key = RandomKey.fromSeed(seed);
  const training = makeTraining(setting, key);
  const file = join(folder, runFiles.checkpoint);
  await startFolder(training, file, request);

  const started = performance.now();
  const startStep = training.optimizer.step;
  const losses: LossRow[] = [];
  const options = { ...training, key: key.child('training'), steps, startStep, metricsEvery: 1, signal };
  const batches = endlessBatches(images, { batchSize: batch, seed, range: setting.range, startStep });
  let step = startStep;
  let sum = 0;
  let count = 0;
  const readings = Math.max(1, Math.floor(steps / 60));
  for await (const progress of trainDiffusion(training.model, batches, options)) {
    ({ step } = progress);
    sum += progress.loss;
    count += 1;
    if (step % readings === 0 || step === steps) {
      losses.push({ step, loss: sum / count });
      tell(`step ${step} of ${steps}: loss ${(sum / count).toFixed(4)}`);
      sum = count = 0;
    }
    if (step % setting.checkpointEvery === 0) await writeCheckpoint(file, await diffusionState(training));
  }
  await writeCheckpoint(file, await diffusionState(training));
  const seconds = (performance.now() - started) / 1000;
  return { ...training, step, isFinished: step >= steps, seconds, losses };
}

function makeTraining(setting: Setting, key: RandomKey) {
  const model = setting.makeModel(key.child('network'));
  const ema = new Ema(trainableVariables(model), { decay: setting.emaDecay });
  return { model, optimizer: adam({ learningRate: setting.learningRate }), ema };
}

async function startFolder(
  training: DiffusionTraining,
  file: string,
  { folder, mode }: Pick<TrainRequest, 'folder' | 'mode'>,
): Promise<void> {
  const isThere = existsSync(file);
  if (mode === 'new' && isThere) {
    const expected = 'a folder without a run; --resume goes on with it, --overwrite begins anew';
    throw new ConfigError({ field: 'out', value: folder, expected });
  }
  if (mode === 'resume') {
    if (!isThere) throw new ConfigError({ field: 'out', value: folder, expected: 'a folder with a run to resume' });
    await restoreDiffusion(training, (await readCheckpoint(file)).tensors, file);
  }
  await makeFolder(folder);
}
