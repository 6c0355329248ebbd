import { cosineDecay, type RandomKey, type Schedule } from '@lab/core';
import {
  classConditionalModel,
  type DiffusionModel,
  eulerMaruyama,
  pretrainedRecipe,
  type SampleOptions,
  type SamplerName,
  scoreUnet,
  varianceExploding,
} from '@lab/diffusion';
import type { PixelRange } from '@lab/mnist-data';
import type { PresetName } from '../presets.ts';
import { shippedSampling, singlePass } from './shipped-sampling.ts';

/** What is tried of samplers, steps and guidance. */
export interface Sweep {
  readonly sampling: SampleOptions & { readonly steps: number; readonly guidance: number };
  readonly samplers: readonly SamplerName[];
  /** Passes of the network for a picture, that each sampler has to make do with. */
  readonly passCounts: readonly number[];
  readonly guidances: readonly number[];
}

/** How task 2.5 is set up. */
export interface Setting {
  readonly summary: string;
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: (steps: number) => Schedule;
  readonly checkpointEvery: number;
  readonly emaDecay: number;
  readonly makeModel: (key: RandomKey) => DiffusionModel;
  /** Of the pictures: it decides that of the samples. */
  readonly range: PixelRange;
  /** For the grid and the animation of the model that is trained. */
  readonly sampling: SampleOptions;
  /** Pictures that a measurement is made of. */
  readonly judged: number;
  /** Of the shipped model. */
  readonly sweep: Sweep;
  /** Pictures of each model in the comparison; 0 for none. */
  readonly compared: number;
}

const { batchSize, learningRate, warmup } = pretrainedRecipe;

const pixel = {
  batch: batchSize,
  learningRate: (steps) => cosineDecay({ learningRate, steps, warmup: Math.min(warmup, Math.ceil(steps / 5)) }),
  range: 'signed',
  makeModel: (key) => classConditionalModel(key),
  sampling: shippedSampling,
} as const satisfies Partial<Setting>;

const sweep = {
  sampling: shippedSampling,
  samplers: ['ddim', 'dpmSolver', 'dpmSolverSde', 'heun', 'eulerAncestral', 'ddpm'],
  guidances: [0, 1, 1.5, 2, 3, 5],
} as const satisfies Partial<Sweep>;

const process = varianceExploding();

/** The article's: 0.98 times as high after every epoch, which here has batches of 256, and never below a fifth. */
function articlesRate(step: number): number {
  const epoch = Math.floor((256 * step) / 60_000);
  return 1e-3 * Math.max(0.2, 0.98 ** epoch);
}

export const settings: Readonly<Record<PresetName, Setting>> = {
  smoke: {
    ...pixel,
    summary: 'seconds; to see that everything works',
    makeModel: (key) => classConditionalModel(key, { widths: [8, 8, 8] }),
    steps: 6,
    batch: 8,
    checkpointEvery: 3,
    emaDecay: 0.5,
    sampling: singlePass,
    judged: 10,
    sweep: {
      sampling: { ...shippedSampling, steps: 1 },
      samplers: ['ddim', 'heun'],
      passCounts: [2, 6],
      guidances: [1, 2],
    },
    compared: 0,
  },
  quick: {
    ...pixel,
    summary: 'some ten minutes on two cores: wanted digits that can be read, by a model trained from nothing',
    steps: 1_000,
    checkpointEvery: 250,
    emaDecay: 0.99,
    judged: 200,
    sweep: { ...sweep, samplers: ['ddim', 'dpmSolver', 'heun'], passCounts: [10, 20, 40], guidances: [1, 1.5, 3] },
    compared: 1000,
  },
  lab: {
    ...pixel,
    summary: 'some hours: the shipped model trained anew, every sampler from 5 to 1,000 steps',
    steps: pretrainedRecipe.steps,
    checkpointEvery: 500,
    emaDecay: pretrainedRecipe.ema,
    judged: 2_000,
    sweep: { ...sweep, passCounts: [10, 20, 50, 100, 200, 500, 1000, 2000] },
    compared: 10_000,
  },
  paper: {
    summary: "the article's score model with attention to the class, 250 steps of Euler and Maruyama; hours",
    steps: 23_500,
    batch: 256,
    learningRate: () => articlesRate,
    checkpointEvery: 500,
    emaDecay: 0,
    range: 'unit',
    makeModel: (key) => ({
      network: scoreUnet(key, { classes: 10 }),
      formulation: process,
      classes: 10,
      hasNullClass: false,
    }),
    sampling: { sampler: eulerMaruyama(process), spacing: 'linspace', steps: 250, clip: false },
    judged: 500,
    sweep: { ...sweep, samplers: [], passCounts: [], guidances: [] },
    compared: 0,
  },
};
