import { join } from 'node:path';
import { DivergenceError } from '@lab/core';
import { type TrainProgress, trainGan } from '@lab/gan';
import { endlessBatches } from '@lab/mnist-data';
import { loadJudge } from '../judge/load-judge.ts';
import { convolutionalMsAPicture, presets } from '../presets.ts';
import { type ConsiderGenerator, keepBest } from './best-generator.ts';
import { loadCheckpoint, saveCheckpoint, saveGenerator } from './checkpoint.ts';
import { collectGarbage } from './collect-garbage.ts';
import type { RunConfig } from './config.ts';
import { generatorFile, removeUnfinished, runFiles, samplesFile } from './files.ts';
import { beginFolder, type Found } from './folder.ts';
import { type MetricsLog, openMetricsLog } from './metrics-log.ts';
import { type Pace, startPace } from './pace.ts';
import { type Film, fixedLatents, loadFilm, saveAnimation, saveFilm, saveGrid, shoot } from './pictures.ts';
import { type Schedule, schedule } from './schedule.ts';
import type { Session } from './session.ts';
import { type Divergence, readMemory, type RunState, type RunStatus, thisMachine, writeStatus } from './status.ts';
import { createTraining, disposeTraining, type Training } from './training.ts';

/** How a session of a run ended. */
export interface RunOutcome {
  readonly state: Exclude<RunState, 'running'>;
  readonly step: number;
  readonly seconds: number;
  readonly divergence?: Divergence;
}

/** How a run ended that has nothing left to do; undefined for any other. */
export function endedOutcome(found: Found<RunConfig> | undefined): RunOutcome | undefined {
  if (found?.status === undefined) return undefined;
  const { state, step, seconds, divergence } = found.status;
  if (state !== 'finished' && state !== 'diverged') return undefined;
  return { state, step, seconds, ...(divergence && { divergence }) };
}

/**
 * Trains from the folder's checkpoint, or from the start, to the last step, to a signal, or until a loss diverges. All
 * that a resumed run needs is on the disk when it returns, and, but for the last few hundred steps, at any moment before.
 *
 * @throws CheckpointError, StorageError; the last checkpoint is intact then.
 */
export async function trainRun(
  folder: string,
  config: RunConfig,
  found: Found<RunConfig> | undefined,
  session: Session,
): Promise<RunOutcome> {
  const training = createTraining(config, session.images);
  try {
    if (found === undefined) await beginFolder(folder, config);
    const startStep = found === undefined ? 0 : await loadCheckpoint(folder, training, config);
    await removeUnfinished(folder);
    const run = await open({ folder, config, session, training }, startStep, found?.status);
    try {
      return await train(run);
    } finally {
      await run.log.close();
    }
  } finally {
    disposeTraining(training);
  }
}

interface Given {
  readonly folder: string;
  readonly config: RunConfig;
  readonly session: Session;
  readonly training: Training;
}

interface Run extends Given {
  readonly latents: ReturnType<typeof fixedLatents>;
  readonly due: Schedule;
  readonly log: MetricsLog;
  readonly film: Film;
  readonly pace: Pace;
  /** Where the best generator is to be kept. */
  readonly considerGenerator: ConsiderGenerator | undefined;
  readonly startStep: number;
  /** When this session would have begun, had it made all steps. */
  readonly startedAt: number;
  status: RunStatus;
}

async function open(given: Given, startStep: number, before: RunStatus | undefined): Promise<Run> {
  const { folder, config, session, training } = given;
  const { backend } = session;
  const seconds = before?.seconds ?? 0;
  const memory = (before?.memory ?? []).filter(({ step }) => step <= startStep);
  const run: Run = {
    ...given,
    latents: fixedLatents(training.gan, config.seed),
    due: schedule(config),
    film: startStep === 0 ? { frames: [] } : await loadFilm(folder, startStep),
    log: await openMetricsLog(join(folder, runFiles.metrics), startStep),
    pace: startPace(startStep),
    considerGenerator: config.best === true ? await keepBest(folder, training, config, await loadJudge()) : undefined,
    startStep,
    startedAt: performance.now() - 1000 * seconds,
    status: { state: 'running', step: startStep, seconds, backend, machine: thisMachine(), memory },
  };
  reportStart(run);
  if (startStep === 0) await shoot(run.film, training.gan, run.latents, 0);
  await save(run, startStep);
  return run;
}

async function train(run: Run): Promise<RunOutcome> {
  const { config, session, training, startStep } = run;
  const { steps, batch, seed, metricsEvery } = config;
  const { images, signal } = session;
  const batches = endlessBatches(images, { batchSize: batch, seed, startStep, reuseArrays: true });
  let step = startStep;
  try {
    for await (const progress of trainGan(training.gan, batches, {
      ...training,
      steps,
      startStep,
      metricsEvery,
      signal,
    })) {
      step = progress.step;
      await record(run, progress);
    }
  } catch (error) {
    if (!(error instanceof DivergenceError)) throw error;
    const { step: at, message } = await firstDivergence(run, error);
    return end(run, { ...run.status, state: 'diverged', divergence: { step: at, message } });
  }
  if (step !== run.status.step) await save(run, step);
  return end(run, { ...run.status, state: step === steps ? 'finished' : 'stopped' });
}

/**
 * The step itself at which a loss diverged. Training notices it at the next reading; here it goes there once more, from
 * the last checkpoint, and reads every step.
 */
async function firstDivergence({ folder, config, session }: Run, noticed: DivergenceError): Promise<DivergenceError> {
  const { images, signal } = session;
  const { batch, seed } = config;
  const again = createTraining(config, images);
  try {
    const startStep = await loadCheckpoint(folder, again, config);
    const batches = endlessBatches(images, { batchSize: batch, seed, startStep, reuseArrays: true });
    const steps = trainGan(again.gan, batches, { ...again, steps: noticed.step, startStep, signal });
    while ((await steps.next()).done !== true);
    return noticed;
  } catch (error) {
    if (error instanceof DivergenceError) return error;
    throw error;
  } finally {
    disposeTraining(again);
  }
}

/** Does what is due after a step. The checkpoint comes last: what it promises is on the disk by then. */
async function record(run: Run, progress: TrainProgress): Promise<void> {
  const { folder, config, session, training, latents, due } = run;
  const { step } = progress;
  if (due.isReading(step)) await run.log.append(progress);
  reportStep(run, progress);
  if (due.isFrame(step)) await shoot(run.film, training.gan, latents, step);
  if (due.isSnapshot(step)) {
    await saveGrid(folder, training.gan, latents, step);
    await saveGenerator(join(folder, generatorFile(step)), training, config, step);
    run.status = { ...run.status, memory: [...run.status.memory, readMemory(step)] };
    session.report({ event: 'snapshot', step, file: join(folder, samplesFile(step)) });
  }
  if (due.isCheckpoint(step)) {
    await consider(run, step);
    await save(run, step);
  }
}

/** Before the checkpoint: a resumed run begins after it. */
async function consider({ considerGenerator, folder, session }: Run, step: number): Promise<void> {
  if (considerGenerator === undefined) return;
  const { frechet, isBest } = await considerGenerator(step);
  const kept = isBest ? `, the least so far: kept in ${join(folder, runFiles.best)}` : '';
  session.report({ event: 'note', message: `step ${step}: Fréchet distance ${frechet.toFixed(1)}${kept}` });
}

async function save(run: Run, step: number): Promise<void> {
  await run.log.flush();
  await saveFilm(run.folder, run.film);
  await saveCheckpoint(run.folder, run.training, step);
  run.status = { ...run.status, step, seconds: secondsOf(run) };
  await writeStatus(run.folder, run.status);
  collectGarbage();
}

async function end(run: Run, status: RunStatus): Promise<RunOutcome> {
  await saveAnimation(run.folder, run.film);
  await writeStatus(run.folder, status);
  const { step, seconds, divergence } = status;
  const outcome = { state: status.state as RunOutcome['state'], step, seconds };
  const { folder, session } = run;
  session.report({ event: 'end', ...outcome, folder, ...(divergence && { message: divergence.message }) });
  return divergence === undefined ? outcome : { ...outcome, divergence };
}

function secondsOf({ startedAt }: Run): number {
  return Math.round(performance.now() - startedAt) / 1000;
}

function reportStart({ folder, config, session, startStep }: Run): void {
  const { task, loss, networks, preset, seed, steps, batch, data } = config;
  const msAPicture =
    networks === 'convolutional-cgan' ? convolutionalMsAPicture : presets[preset].typicalStepMs / presets[preset].batch;
  const typicalMs = msAPicture * batch;
  const expectedSeconds = config.backend === 'simd' ? (typicalMs * (steps - startStep)) / 1000 : undefined;
  const about = { task, loss, preset, seed, steps, batch, startStep, folder, data, expectedSeconds };
  session.report({ event: 'start', ...about, backend: session.backend });
}

function reportStep({ config, session, pace }: Run, progress: TrainProgress): void {
  const stepsPerSecond = pace.update(progress.step);
  const imagesPerSecond = Math.round(stepsPerSecond * config.batch);
  const secondsLeft = (config.steps - progress.step) / stepsPerSecond;
  session.report({ event: 'step', steps: config.steps, imagesPerSecond, secondsLeft, ...progress });
}
