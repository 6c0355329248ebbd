import { backendNames } from '@lab/core';
import { lossNames } from '../loss-names.ts';
import { presetNames } from '../presets.ts';

/** One option of the command line. */
export interface OptionSpec {
  readonly kind: 'switch' | 'text' | 'integer' | 'choice';
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly help: string;
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
}

export const optionSpecs = {
  loss: { kind: 'choice', value: 'NAME', choices: lossNames, help: 'what the players minimise [logistic]' },
  preset: { kind: 'choice', value: 'NAME', choices: presetNames, help: 'size of the run [quick]' },
  seed: { kind: 'integer', value: 'N', min: 0, help: 'decides all random numbers [0]' },
  steps: { kind: 'integer', value: 'N', min: 1, max: 100_000_000, help: "updates of each player [the preset's]" },
  batch: { kind: 'integer', value: 'N', min: 1, max: 60_000, help: "real pictures in a step [the preset's]" },
  data: { kind: 'text', value: 'DIR', help: 'a folder of IDX files, plain or .gz [the bundled MNIST]' },
  backend: {
    kind: 'choice',
    value: 'NAME',
    choices: ['auto', ...backendNames],
    help: 'what computes [auto: the best that runs here]',
  },
  threads: {
    kind: 'integer',
    value: 'N',
    min: 1,
    max: 64,
    help: "threads of the backend 'simd' [all cores, at most 8]",
  },
  digit: { kind: 'integer', value: 'N', min: 0, max: 9, help: 'the digit to draw [every one in turn; 7 in 2.3]' },
  networks: {
    kind: 'choice',
    value: 'NAME',
    choices: ['reference', 'convolutional'],
    help: "those of task 2.3 ['reference'; of preset paper Mirza and Osindero's]",
  },
  best: { kind: 'switch', help: 'also keep the generator of the least Fréchet distance, tried at every checkpoint' },
  labels: { kind: 'text', value: 'FILE', help: 'what each scored picture should show, as an IDX file [not known]' },
  out: { kind: 'text', value: 'DIR', help: 'folder of the run [runs/<task>-<loss>-<preset>-seed<N>]' },
  resume: { kind: 'switch', help: 'go on with the run in that folder' },
  overwrite: { kind: 'switch', help: 'replace the run in that folder' },
  json: { kind: 'switch', help: 'print JSON lines, and nothing else' },
  help: { kind: 'switch', help: 'print this' },
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof optionSpecs;

export const optionNames = Object.keys(optionSpecs) as readonly OptionName[];
