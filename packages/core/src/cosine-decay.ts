import { rejectUnknownOptions, requireInteger, requireNumber } from './option-checks.ts';

/** Options of `cosineDecay`. */
export interface CosineDecayOptions {
  /** The highest, above 0. */
  readonly learningRate: number;
  /** The step at which it arrives at 0, at least 1; from there on it stays. */
  readonly steps: number;
  /**
   * Steps in which it rises in a straight line, on top of the cosine; at least 0.
   *
   * @default 0
   */
  readonly warmup?: number;
}

/**
 * A learning rate that falls along half a cosine: Loshchilov & Hutter 2017, "SGDR", equation 5, without restarts.
 *
 * @returns From the step (1 for the first update) to the learning rate, for an optimiser.
 * @throws ConfigError for an option out of its range.
 */
export function cosineDecay(options: CosineDecayOptions): (step: number) => number {
  rejectUnknownOptions('cosineDecay', options, ['learningRate', 'steps', 'warmup']);
  const learningRate = requireNumber('learningRate', options.learningRate, { above: 0 });
  const steps = requireInteger('steps', options.steps, { min: 1 });
  const warmup = requireInteger('warmup', options.warmup ?? 0, { min: 0 });
  return (step) => {
    const rising = warmup === 0 ? 1 : Math.min(1, step / warmup);
    return rising * (learningRate / 2) * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps));
  };
}
