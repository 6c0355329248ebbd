import { type BackendChoice, ConfigError, useBackend } from '@lab/core';
import type { OptionName } from '../cli/options.ts';
import { inspectFolder } from '../run/folder.ts';
import { makeFolder } from '../run/files.ts';
import type { RunRequest } from '../run/config.ts';
import { defaultFolder } from '../tasks/outcome.ts';
import { readTrainedGan, type TrainedGan } from './trained-gan.ts';

/** What the tasks on trained GANs take. */
export const trainedOptions: readonly OptionName[] = ['preset', 'seed', 'backend', 'threads', 'out', 'overwrite'];
export const trainedOperand = 'RUN';

/** A task on a trained GAN, ready to begin. */
export interface OpenedTrained {
  readonly folder: string;
  readonly trained: TrainedGan;
  readonly backend: BackendChoice;
}

/** @throws ConfigError without one RUN; FolderError if the folder to write to holds other files. */
export async function openTrained(request: RunRequest, operands: readonly string[]): Promise<OpenedTrained> {
  const [run, ...more] = operands;
  if (run === undefined || more.length > 0) {
    const expected = `the folder of one run: npm run lab -- ${request.task} runs/2.3-lab-seed0`;
    throw new ConfigError({
      field: trainedOperand,
      value: run === undefined ? 'nothing' : operands.join(' '),
      expected,
    });
  }
  const folder = request.out ?? defaultFolder(request, request.task);
  await inspectFolder(folder, request.mode);
  const { threads } = request;
  const backend = await useBackend(request.backend, threads === undefined ? {} : { threads });
  const trained = await readTrainedGan(run);
  await makeFolder(folder);
  return { folder, trained, backend };
}
