import { join } from 'node:path';
import { adam, Ema, RandomKey } from '@lab/core';
import { readCheckpoint, writeCheckpoint, writeFileAtomic } from '@lab/core/node';
import {
  diffusionState,
  type DiffusionTraining,
  restoreDiffusion,
  trainableVariables,
  trainDiffusion,
} from '@lab/diffusion';
import { endlessBatches, type LabelledImages } from '@lab/mnist-data';
import type { Reporter } from '../progress/reporter.ts';
import type { TaskConfig } from '../run/config.ts';
import { runFiles } from '../run/files.ts';
import type { OpenedTask } from '../run/open-task.ts';
import { readIfThere } from '../run/read-files.ts';
import { type RunState, thisMachine, writeStatus } from '../run/status.ts';
import type { Setting } from './settings.ts';

/** A reading of the loss: the mean since the last. */
export interface LossRow {
  readonly step: number;
  readonly loss: number;
}

/** How a training ended. */
export interface Trained extends DiffusionTraining {
  readonly ema: Ema;
  readonly isFinished: boolean;
  readonly step: number;
  /** Over all sessions. */
  readonly seconds: number;
  readonly losses: readonly LossRow[];
}

interface TrainRequest {
  readonly folder: string;
  readonly task: OpenedTask<{ batch: number }>;
  readonly report: Reporter;
  readonly signal: AbortSignal;
}

/** Trains the setting's model, from its checkpoint if there is one, and leaves a checkpoint behind. */
export async function train(setting: Setting, images: LabelledImages, request: TrainRequest): Promise<Trained> {
  const { folder, task, report, signal } = request;
  const { seed, steps, batch } = task.config;
  const key = RandomKey.fromSeed(seed);
  const training = makeTraining(setting, key, steps);
  const losses = await resume(folder, training, task);
  const startStep = training.optimizer.step;
  const before = task.status?.seconds ?? 0;
  const started = performance.now();
  const secondsHere = () => (performance.now() - started) / 1000;

  const save = async (state: RunState, step: number) => {
    await writeCheckpoint(join(folder, runFiles.checkpoint), await diffusionState(training));
    await writeFileAtomic(join(folder, runFiles.metrics), losses.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const { backend } = task;
    const seconds = before + secondsHere();
    await writeStatus(folder, { state, step, seconds, backend, machine: thisMachine(), memory: [] });
  };

  const options = { ...training, key: key.child('training'), steps, startStep, metricsEvery: 1, signal };
  const batches = endlessBatches(images, {
    batchSize: batch,
    seed,
    range: setting.range,
    startStep,
    reuseArrays: true,
  });
  const readings = Math.max(1, Math.floor(steps / 100));
  let step = startStep;
  let [sum, count] = [0, 0];
  for await (const progress of trainDiffusion(training.model, batches, options)) {
    ({ step } = progress);
    sum += progress.loss;
    count += 1;
    const pace = (step - startStep) / secondsHere();
    const loss = sum / count;
    report({ event: 'progress', step, steps, loss, imagesPerSecond: pace * batch, secondsLeft: (steps - step) / pace });
    if (step % readings === 0 || step === steps) {
      losses.push({ step, loss });
      [sum, count] = [0, 0];
    }
    if (step % setting.checkpointEvery === 0 && step < steps) await save('running', step);
  }
  await save(step >= steps ? 'running' : 'stopped', step);
  return { ...training, step, isFinished: step >= steps, seconds: before + secondsHere(), losses };
}

function makeTraining(setting: Setting, key: RandomKey, steps: number) {
  const model = setting.makeModel(key.child('network'));
  const ema = new Ema(trainableVariables(model), { decay: setting.emaDecay });
  return { model, optimizer: adam({ learningRate: setting.learningRate(steps) }), ema };
}

/** Puts the checkpoint back, if an earlier session left one. @returns The losses up to there. */
async function resume(
  folder: string,
  training: DiffusionTraining,
  { status }: { readonly status: unknown; readonly config: TaskConfig },
): Promise<LossRow[]> {
  if (status === undefined) return [];
  const file = join(folder, runFiles.checkpoint);
  await restoreDiffusion(training, (await readCheckpoint(file)).tensors, file);
  const text = (await readIfThere(join(folder, runFiles.metrics)))?.toString() ?? '';
  const lines = text.split('\n').slice(0, -1);
  const rows = lines.map((line) => JSON.parse(line) as LossRow);
  return rows.filter(({ step }) => step <= training.optimizer.step);
}
