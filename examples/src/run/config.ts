import type { BackendName } from '@lab/core';
import type { LossName } from '../loss-names.ts';
import { conditionalNetworks, type Networks, type Preset, type PresetName, presets } from '../presets.ts';

/** Which pictures a run is trained on. */
export interface DataConfig {
  readonly name: string;
  /** A folder of IDX files; null is the bundled MNIST. */
  readonly folder: string | null;
  /** Of the training pictures, so that a resumed run can't go on with others. */
  readonly sha256: string;
  readonly pictures: number;
}

/** What the `config.json` of every task says. */
export interface TaskConfig {
  readonly format: 1;
  readonly task: string;
  readonly preset: PresetName;
  readonly seed: number;
  /** Those that the task consists of, as `status.json` counts them. */
  readonly steps: number;
  readonly backend: BackendName;
  readonly data: DataConfig;
}

/** What several runs of one task have in common. Together with the loss it decides every bit of a run. */
export interface SharedConfig extends TaskConfig {
  readonly batch: number;
  readonly networks: Networks;
  readonly metricsEvery: number;
  readonly checkpointEvery: number;
  readonly snapshots: readonly number[];
  readonly frames: number;
  /** Whether the best generator by Fréchet distance is kept, of those at every checkpoint. */
  readonly best?: boolean;
}

/** `config.json` of a run. */
export interface RunConfig extends SharedConfig {
  readonly loss: LossName;
}

/** `config.json` of a comparison: one run a loss, each in a folder of its own, named after the loss. */
export interface ComparisonConfig extends SharedConfig {
  readonly losses: readonly LossName[];
}

/** What a user asked for; what is left out comes from the preset, or from the run that is resumed. */
export interface RunRequest {
  readonly task: string;
  readonly loss?: LossName;
  readonly preset?: PresetName;
  readonly seed?: number;
  readonly steps?: number;
  readonly batch?: number;
  readonly backend?: BackendName | 'auto';
  readonly threads?: number;
  readonly data?: string;
  readonly digit?: number;
  /** Of task 2.3. */
  readonly networks?: 'reference' | 'convolutional';
  readonly best?: boolean;
  /** An IDX file. */
  readonly labels?: string;
  readonly out?: string;
  readonly mode: RunMode;
}

/** Whether the folder of a run must be new, holds a run to go on with, or one to replace. */
export type RunMode = 'new' | 'resume' | 'overwrite';

export const defaultLoss: LossName = 'logistic';

/** @default preset 'quick', seed 0, and the preset's steps and batch */
export function resolveConfig(request: RunRequest, backend: BackendName, data: DataConfig): SharedConfig {
  const { task, preset: name = 'quick', seed = 0 } = request;
  const preset: Preset = presets[name];
  const { steps = preset.steps, batch = preset.batch } = request;
  return {
    format: 1,
    task,
    preset: name,
    seed,
    steps,
    batch,
    networks: networksOf(request, preset),
    metricsEvery: preset.metricsEvery,
    checkpointEvery: preset.checkpointEvery,
    snapshots: [...preset.snapshots.filter((step) => step < steps), steps],
    frames: preset.frames,
    backend,
    data,
    ...(request.best === true && { best: true }),
  };
}

function networksOf({ task, networks }: RunRequest, preset: Preset): Networks {
  if (task !== '2.3') return preset.networks;
  if (networks === 'convolutional') return 'convolutional-cgan';
  return networks === 'reference' ? 'reference-cgan' : conditionalNetworks[preset.networks];
}
