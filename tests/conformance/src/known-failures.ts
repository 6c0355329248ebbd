import type { KnownFailures } from './describe-report.ts';

function each(names: readonly string[], reason: string): KnownFailures {
  return Object.fromEntries(names.map((name) => [name, reason]));
}

/** On every backend, cpu too. */
export const failInChromium = each(
  [
    'http-load JSON model 1 group, 2 weights, 1 path',
    'http-load JSON model 1 group, 2 weights, 1 path, with requestInit',
    'http-load JSON model Provide WeightFileTranslateFunc',
  ],
  'wants `this` in a call of a bare function to be the window, as it was in scripts that were not strict',
);

export const failOnSimdInChromium = {
  ...failInChromium,
  ...each(
    [
      'draw on canvas context draw image with 4 channels and int values',
      'draw on canvas context draw image with 4 channels and int values, alpha=0.5',
      'draw on canvas context draw image with 4 channels and float values',
      'draw on canvas context draw image with 3 channels and int values',
      'draw on canvas context draw image with 3 channels and int values, alpha=0.5',
      'draw on canvas context draw image with 3 channels and float values',
      'draw on canvas context draw 2D image in grayscale',
      'draw on canvas context draw image with alpha=0.5',
      'draw on canvas context draw image works when canvas has been used for 2d',
    ],
    "asks for a canvas context by the backend's name, for '2d' on the backend called 'cpu' alone",
  ),
};
