import type { RandomKey, Schedule } from '@lab/core';
import {
  type DiffusionModel,
  eulerMaruyama,
  noiseSchedule,
  type SampleOptions,
  type SamplerName,
  scoreUnet,
  unet,
  varianceExploding,
  variancePreserving,
} from '@lab/diffusion';
import type { PixelRange } from '@lab/mnist-data';
import type { PresetName } from '../presets.ts';

/** How task 2.5 is set up. */
export interface Setting {
  readonly summary: string;
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number | Schedule;
  readonly checkpointEvery: number;
  readonly emaDecay: number;
  readonly makeModel: (key: RandomKey) => DiffusionModel;
  /** Of the pictures: it decides that of the samples. */
  readonly range: PixelRange;
  /** For the grid and the animation. */
  readonly sampling: SampleOptions;
  /** Pictures that a measurement is made of. */
  readonly judged: number;
  /** Samplers whose steps are compared with quality, and how many steps. */
  readonly samplers: readonly SamplerName[];
  readonly stepCounts: readonly number[];
  readonly guidances: readonly number[];
}

/** Velocity on a cosine schedule to nothing but noise, class dropout, guidance. */
function pixelModel(widths: readonly number[]): Setting['makeModel'] {
  const schedule = noiseSchedule({ kind: 'cosine', zeroTerminalSnr: true });
  return (key) => ({
    network: unet({ key, widths }),
    formulation: variancePreserving({ schedule, prediction: 'v', minSnr: 5 }),
    classes: 10,
    hasNullClass: true,
  });
}

const pixel = {
  batch: 64,
  learningRate: 1e-3,
  range: 'signed',
  makeModel: pixelModel([32, 64, 64]),
  sampling: { sampler: 'dpmSolver', steps: 20, guidance: 2 },
  samplers: ['ddim', 'dpmSolver', 'dpmSolverSde', 'heun', 'ddpm'],
  guidances: [0, 1, 1.5, 2, 3, 5],
} as const satisfies Partial<Setting>;

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
    makeModel: pixelModel([8, 8, 8]),
    steps: 6,
    batch: 8,
    checkpointEvery: 3,
    emaDecay: 0.5,
    sampling: { ...pixel.sampling, steps: 2 },
    judged: 10,
    samplers: ['ddim', 'heun'],
    stepCounts: [1, 2],
    guidances: [1, 2],
  },
  quick: {
    ...pixel,
    summary: 'some ten minutes on two cores: wanted digits that can be read',
    steps: 1_500,
    checkpointEvery: 250,
    emaDecay: 0.995,
    judged: 200,
    stepCounts: [5, 10, 20],
  },
  lab: {
    ...pixel,
    summary: 'some hours: 40,000 steps, every sampler from 5 to 250 steps',
    steps: 40_000,
    checkpointEvery: 1_000,
    emaDecay: 0.9995,
    judged: 2_000,
    stepCounts: [5, 10, 20, 50, 100, 250],
  },
  paper: {
    summary: "the article's score model with attention to the class, 250 steps of Euler and Maruyama; hours",
    steps: 23_500,
    batch: 256,
    learningRate: articlesRate,
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
    samplers: [],
    stepCounts: [],
    guidances: [],
  },
};
