import type { ClassifierOptions } from '@lab/adversarial';
import type { PresetName } from '../presets.ts';

/** How task 2.4-defence is set up. */
export interface DefenceSetting {
  readonly summary: string;
  readonly steps: number;
  readonly batch: number;
  /** Steps of the attack before each step of the training. */
  readonly attackSteps: number;
  /** Of the learning rate, which rises to it in two fifths of the steps and falls to zero. */
  readonly peak: number;
  readonly checkpointEvery: number;
  /** Test pictures that are attacked, the first ones; and by the black-box attack. */
  readonly attacked: number;
  readonly blackBox: number;
  readonly restarts: number;
}

/** The budget of the training and of the measurement, in L-inf: that of MadryLab's challenge. */
export const budget = 0.3;

/** Budgets at which defended and undefended are compared. */
export const sweptBudgets = [0.05, 0.1, 0.2, 0.3, 0.4];

/** The network of Wong, Rice & Kolter 2020: 166,406 weights, no pooling. */
export const defendedNetwork: Omit<ClassifierOptions, 'key'> = {
  blocks: [[16, 32]],
  kernelSize: 4,
  strides: 2,
  padding: 'same',
  pool: 1,
  hidden: [100],
};

const madry = { batch: 128, attackSteps: 5, peak: 2e-3, checkpointEvery: 250, restarts: 5 };

export const defenceSettings: Readonly<Record<PresetName, DefenceSetting>> = {
  smoke: {
    ...madry,
    summary: 'seconds; to see that everything works',
    steps: 6,
    batch: 16,
    attackSteps: 1,
    checkpointEvery: 3,
    attacked: 6,
    blackBox: 1,
    restarts: 2,
  },
  quick: {
    ...madry,
    summary: 'two minutes on two quiet cores: what it does can be seen',
    steps: 900,
    attacked: 500,
    blackBox: 50,
  },
  lab: {
    ...madry,
    summary: 'some ten minutes on two quiet cores: 8 epochs, measured on the whole test set',
    steps: 3750,
    attacked: 10_000,
    blackBox: 500,
  },
  paper: {
    ...madry,
    summary: "hours: Madry et al.'s 40 steps of attack, 20 epochs",
    steps: 9375,
    attackSteps: 40,
    attacked: 10_000,
    blackBox: 500,
  },
};
