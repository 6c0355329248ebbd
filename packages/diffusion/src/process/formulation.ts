import type { RandomKey } from '@lab/core';
import { type NoiseLevel, noiseToSignal } from './noise-level.ts';
import type { Target } from './prediction.ts';

/**
 * What a network's numbers mean: through which levels pictures become noise, how the network is shown a noisy picture, what
 * it is asked for, and which levels it is trained on. Training and samplers know nothing else of a model.
 */
export interface Formulation {
  readonly name: string;
  /** The times that samplers use, least noisy first. */
  readonly times: readonly [first: number, last: number];
  /** How many timesteps there are, all whole numbers from 0; undefined where time is continuous. */
  readonly timesteps?: number | undefined;
  /** @throws ConfigError for a time that is out of range, or not whole where it has to be. */
  levelAt(t: number): NoiseLevel;
  /**
   * The level whose `sigma / alpha` is the given one; between timesteps, where there are such.
   *
   * @throws ConfigError for one out of range.
   */
  levelWith(noiseToSignal: number): NoiseLevel;
  /** What `xt` is multiplied by before the network sees it. */
  inputScale(level: NoiseLevel): number;
  /** What the network is asked for. */
  target(level: NoiseLevel): Target;
  /** How much a squared error counts. */
  weight(level: NoiseLevel): number;
  /** Levels for `count` training pictures. */
  drawLevels(key: RandomKey, count: number): readonly NoiseLevel[];
}

/** The largest `sigma / alpha` that `levelWith` takes: a last timestep where nothing is left of the picture has none. */
export function mostNoiseOf({ times: [, last], levelAt }: Formulation): number {
  const ratio = noiseToSignal(levelAt(last));
  return Number.isFinite(ratio) ? ratio : noiseToSignal(levelAt(last - 1));
}
