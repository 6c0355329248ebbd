import { ConfigError, rejectUnknownOptions, requireInteger, requireNumber, requireOneOf } from '@lab/core';
import { type Formulation, mostNoiseOf } from '../process/formulation.ts';
import { clean, type NoiseLevel, noiseToSignal } from '../process/noise-level.ts';

/**
 * Which levels a sampler visits. `leading`, `linspace` and `trailing` are spaced equally in time: Lin et al. 2024, table 2.
 * `leading` begins below the last timestep, so that the first noise is not quite what the network expects; `linspace`
 * includes both ends; `trailing` the last timestep only, and is best for few steps. `karras` spaces `sigma / alpha`:
 * Karras et al. 2022, equation 5.
 */
export type Spacing = 'leading' | 'linspace' | 'trailing' | 'karras';

/** Options of `samplingPath`. */
export interface PathOptions {
  /**
   * Steps to make, at least 1; at most as many as there are timesteps, but for `karras`.
   *
   * @default 50
   */
  readonly steps?: number;
  /** @default 'trailing' for timesteps, 'karras' where time is continuous */
  readonly spacing?: Spacing;
  /**
   * The exponent of `karras`, above 0: the larger, the more of the steps are near the picture.
   *
   * @default 7
   */
  readonly rho?: number;
  /**
   * Where `karras` begins: the largest `sigma / alpha`, if the process goes as far, above 0. The last timesteps of most
   * schedules are far beyond 80, and steps spent there change next to nothing.
   *
   * @default 80 for timesteps; where time is continuous, as far as the process goes
   */
  readonly mostNoise?: number;
}

/** The names of `PathOptions`. */
export const pathOptions = ['steps', 'spacing', 'rho', 'mostNoise'] as const satisfies readonly (keyof PathOptions)[];

const spacings = ['leading', 'linspace', 'trailing', 'karras'] as const;

/**
 * The levels of `steps` steps, from noise to the picture itself: `steps + 1` of them, the last `clean`.
 *
 * @throws ConfigError for an option out of its range, more steps than timesteps, `leading` or `trailing` where there are
 *   no timesteps, `leading` with a single step, which would begin at the picture.
 */
export function samplingPath(formulation: Formulation, options: PathOptions = {}): NoiseLevel[] {
  rejectUnknownOptions('samplingPath', options, pathOptions);
  const { timesteps } = formulation;
  const spacing = requireOneOf(
    'spacing',
    options.spacing ?? (timesteps === undefined ? 'karras' : 'trailing'),
    spacings,
  );
  const steps = requireInteger('steps', options.steps ?? 50, { min: 1 });
  const rho = requireNumber('rho', options.rho ?? 7, { above: 0 });
  const usual = timesteps === undefined ? mostNoiseOf(formulation) : 80;
  const mostNoise = requireNumber('mostNoise', options.mostNoise ?? usual, { above: 0 });
  if (spacing === 'karras') return [...karras(formulation, { steps, rho, mostNoise }), clean];
  if (timesteps !== undefined && steps > timesteps) {
    throw new ConfigError({ field: 'steps', value: steps, expected: `at most ${timesteps}, the number of timesteps` });
  }
  return [...timesFor(formulation, spacing, steps).map((t) => formulation.levelAt(t)), clean];
}

/** The times of the steps, the noisiest first. */
function timesFor(
  { times: [first, last], timesteps }: Formulation,
  spacing: Exclude<Spacing, 'karras'>,
  steps: number,
): number[] {
  const each = (time: (i: number) => number) => Array.from({ length: steps }, (_, i) => time(i));
  if (spacing === 'linspace') {
    const times = each((i) => (steps === 1 ? last : last + ((first - last) * i) / (steps - 1)));
    return timesteps === undefined ? times : times.map(Math.round);
  }
  if (timesteps === undefined) {
    throw new ConfigError({
      field: 'spacing',
      value: spacing,
      expected: "'linspace' or 'karras': there are no timesteps",
    });
  }
  if (spacing === 'trailing') return each((i) => Math.round(timesteps - (i * timesteps) / steps) - 1);
  if (steps === 1) {
    const expected = 'at least 2 with leading spacing, which leaves out the noisy end';
    throw new ConfigError({ field: 'steps', value: steps, expected });
  }
  const stride = Math.floor(timesteps / steps);
  return each((i) => (steps - 1 - i) * stride);
}

function karras(
  formulation: Formulation,
  { steps, rho, mostNoise }: Required<Omit<PathOptions, 'spacing'>>,
): NoiseLevel[] {
  const most = Math.min(mostNoise, mostNoiseOf(formulation));
  const least = noiseToSignal(formulation.levelAt(formulation.times[0]));
  const [start, end] = [most, least].map((ratio) => ratio ** (1 / rho)) as [number, number];
  return Array.from({ length: steps }, (_, i) => {
    const share = steps === 1 ? 0 : i / (steps - 1);
    return formulation.levelWith((start + share * (end - start)) ** rho);
  });
}
