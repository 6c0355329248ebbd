import type { PresetName } from '../presets.ts';

/** How large the experiments are. */
export interface UsesSetting {
  readonly summary: string;
  /** Test pictures of each digit that are inpainted, enlarged and changed. */
  readonly ofEachDigit: number;
  /** Steps of a sampler. */
  readonly steps: number;
  /** How often RePaint goes through every stretch. */
  readonly resamplings: number;
  /** Digits left out, one model each, in the search for what is odd. */
  readonly leftOut: readonly number[];
  /** Of such a model: its widths, its training, and how many test pictures of each digit it is tried on. */
  readonly widths: readonly number[];
  readonly trainingSteps: number;
  readonly scoredOfEachDigit: number;
  /** Arcs between two noises. */
  readonly arcs: number;
}

export const usesSettings: Readonly<Record<PresetName, UsesSetting>> = {
  smoke: {
    summary: 'seconds; to see that everything works',
    ofEachDigit: 1,
    steps: 2,
    resamplings: 1,
    leftOut: [4],
    widths: [8, 8, 8],
    trainingSteps: 3,
    scoredOfEachDigit: 2,
    arcs: 1,
  },
  quick: {
    summary: 'some minutes on two cores',
    ofEachDigit: 3,
    steps: 20,
    resamplings: 4,
    leftOut: [4],
    widths: [16, 32, 32],
    trainingSteps: 300,
    scoredOfEachDigit: 50,
    arcs: 5,
  },
  lab: {
    summary: 'a quarter of an hour on two cores',
    ofEachDigit: 10,
    steps: 30,
    resamplings: 4,
    leftOut: [4, 8],
    widths: [16, 32, 32],
    trainingSteps: 600,
    scoredOfEachDigit: 100,
    arcs: 10,
  },
  paper: {
    summary: 'as lab, but every digit is left out once; an hour',
    ofEachDigit: 20,
    steps: 100,
    resamplings: 10,
    leftOut: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    widths: [16, 32, 32],
    trainingSteps: 2_000,
    scoredOfEachDigit: 100,
    arcs: 10,
  },
};
