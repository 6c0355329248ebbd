import { type RandomKey, tf } from '@lab/core';
import type { NoiseLevel } from '../process/noise-level.ts';
import type { Prediction } from '../process/prediction.ts';

/** What is believed of noisy pictures `[B, H, W, C]` at a level: a network with its labels, or an oracle. */
export type Denoiser = (xt: tf.Tensor4D, level: NoiseLevel) => Prediction;

/** Where a sampler starts, and which way it takes. */
export interface Start {
  readonly denoise: Denoiser;
  /** Levels from noise to picture, at least two; the last usually `clean`. */
  readonly path: readonly NoiseLevel[];
  /** Pictures at the first of them, `[B, H, W, C]`; the caller's to dispose. */
  readonly xT: tf.Tensor4D;
  /** Decides what noise is added; step s uses `key.child(s)`. */
  readonly key: RandomKey;
}

/** Where a sampler stands. Its tensors live until the next state is asked for, or the loop is left: clone what you keep. */
export interface SamplerState {
  /** Steps made: 0 for the noise that it starts from. */
  readonly step: number;
  /** That of `xt`. */
  readonly level: NoiseLevel;
  /** `[B, H, W, C]`. */
  readonly xt: tf.Tensor4D;
  /** What the pictures were taken for when this step was made; none at step 0. */
  readonly x0?: tf.Tensor4D | undefined;
  /** Calls of the denoiser so far. */
  readonly passes: number;
}

/** Goes from noise to pictures, and yields every state on the way, the first and the last too. */
export type Sampler = (start: Start) => Generator<SamplerState, void, undefined>;

/** The levels that a step is between, and the one before them. */
export interface Stretch {
  readonly from: NoiseLevel;
  readonly to: NoiseLevel;
  /** Where the step before this one began; none in the first step. */
  readonly before?: NoiseLevel | undefined;
}

/** One step: the state before it, its levels, the noise it may add, and how to ask the denoiser. */
export interface StepContext extends Stretch {
  readonly state: SamplerState;
  readonly denoise: Denoiser;
  /** Standard normal, of the shape of `xt`; the same whenever it is called by this name in this step. */
  readonly drawNoise: (name?: string) => tf.Tensor4D;
}

/** What a step ends with. */
export interface StepResult {
  readonly xt: tf.Tensor4D;
  readonly x0: tf.Tensor4D;
}

/** The loop that all samplers share: makes the steps, counts the denoiser's calls, and disposes of what was yielded. */
export function* walk(
  { denoise, path, xT, key }: Start,
  makeStep: (context: StepContext) => StepResult,
): Generator<SamplerState, void, undefined> {
  let passes = 0;
  const counted: Denoiser = (xt, level) => {
    passes += 1;
    return denoise(xt, level);
  };
  let state: SamplerState = { step: 0, level: path[0]!, xt: tf.clone(xT), passes };
  try {
    yield state;
    for (let step = 1; step < path.length; step++) {
      const [before, from, to] = [path[step - 2], path[step - 1]!, path[step]!];
      const drawNoise = (name = 'step') => key.child(step).child(name).normal<tf.Rank.R4>(xT.shape);
      const { xt, x0 } = tf.tidy(() => {
        const made = makeStep({ state, from, to, before, denoise: counted, drawNoise });
        // Both are disposed of on their own, and the last step's may be one and the same.
        return { xt: tf.clone(made.xt), x0: tf.clone(made.x0) };
      });
      tf.dispose([state.xt, ...(state.x0 === undefined ? [] : [state.x0])]);
      state = { step, level: to, xt, x0, passes };
      yield state;
    }
  } finally {
    tf.dispose([state.xt, ...(state.x0 === undefined ? [] : [state.x0])]);
  }
}

/** The pictures at the end of the way, `[B, H, W, C]`. The caller disposes of them. */
export function toTheEnd(states: Iterable<SamplerState>): tf.Tensor4D {
  let last: tf.Tensor4D | undefined;
  try {
    for (const { xt } of states) {
      last?.dispose();
      last = tf.clone(xt);
    }
    return last!;
  } catch (error) {
    last?.dispose();
    throw error;
  }
}
