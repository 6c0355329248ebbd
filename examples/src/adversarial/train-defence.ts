import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { classifier, classifierState, restoreClassifier, trainRobust } from '@lab/adversarial';
import { adam, type Optimizer, RandomKey, type tf } from '@lab/core';
import { readCheckpoint, writeCheckpoint } from '@lab/core/node';
import { endlessBatches, type LabelledImages } from '@lab/mnist-data';
import { runFiles } from '../run/files.ts';
import { budget, defendedNetwork, type DefenceSetting } from './defence-settings.ts';

/** Loss and accuracy of one step, on its attacked pictures. */
export interface DefenceReading {
  readonly step: number;
  readonly loss: number;
  readonly accuracy: number;
}

/** How a session of the training ended. */
export interface TrainedDefence {
  readonly model: tf.LayersModel;
  readonly step: number;
  /** Over all sessions. */
  readonly seconds: number;
  readonly readings: readonly DefenceReading[];
}

export interface DefenceRequest {
  readonly folder: string;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly tell: (message: string) => void;
}

/** Trains adversarially, from the folder's checkpoint if there is one, and leaves a checkpoint behind. */
export async function trainDefence(
  setting: DefenceSetting,
  images: LabelledImages,
  { folder, seed, signal, tell }: DefenceRequest,
): Promise<TrainedDefence> {
  const { steps, batch, attackSteps, checkpointEvery } = setting;
  const key = RandomKey.fromSeed(seed);
  const model = classifier({ key: key.child('network'), ...defendedNetwork });
  const optimizer = adam({ learningRate: upAndDown(setting) });
  const file = join(folder, runFiles.checkpoint);
  const before = await restore(file, model, optimizer);
  const startStep = optimizer.step;
  const readings = [...before.readings];
  const started = performance.now();
  const seconds = () => before.seconds + Math.round((performance.now() - started) / 1000);
  const save = async () => {
    const about = { seconds: String(seconds()), readings: JSON.stringify(readings) };
    await writeCheckpoint(file, await classifierState(model, optimizer), about);
  };
  const batches = endlessBatches(images, { batchSize: batch, seed, startStep, reuseArrays: true });
  const readingEvery = Math.max(1, Math.floor(checkpointEvery / 5));
  const options = {
    optimizer,
    key: key.child('attack'),
    epsilon: growing(steps),
    attackSteps,
    steps,
    startStep,
    signal,
  };
  let step = startStep;
  for await (const progress of trainRobust(model, batches, { ...options, metricsEvery: readingEvery })) {
    step = progress.step;
    readings.push({ step, loss: progress.loss, accuracy: progress.accuracy });
    if (step % checkpointEvery !== 0 && step !== steps) continue;
    await save();
    const { loss, accuracy } = progress;
    tell(
      `step ${step} of ${steps}: loss ${loss.toFixed(3)}, ${(100 * accuracy).toFixed(0)}% of the attacked read, ${seconds()} s`,
    );
  }
  if (step < steps) await save();
  optimizer.dispose();
  return { model, step, seconds: seconds(), readings };
}

/** At .3 from the first step on, the classifier learns nothing but to guess: the budget grows over the first third. */
function growing(steps: number): (step: number) => number {
  return (step) => budget * Math.min(1, step / (steps / 3));
}

/** The cyclic schedule of Wong et al. */
function upAndDown({ peak, steps }: DefenceSetting): (step: number) => number {
  return (step) => peak * Math.min(step / (0.4 * steps), (steps - step) / (0.6 * steps));
}

async function restore(file: string, model: tf.LayersModel, optimizer: Optimizer) {
  if (!existsSync(file)) return { seconds: 0, readings: [] as DefenceReading[] };
  const { tensors, metadata } = await readCheckpoint(file);
  await restoreClassifier(model, optimizer, tensors, file);
  return {
    seconds: Number(metadata['seconds']),
    readings: JSON.parse(metadata['readings'] ?? '[]') as DefenceReading[],
  };
}
