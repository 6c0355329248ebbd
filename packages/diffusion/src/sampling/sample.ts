import { type RandomKey, rejectUnknownOptions, requireInteger, requireOneOf, tf } from '@lab/core';
import { type DiffusionModel, pictureShape, requireLabels } from '../diffusion-model.ts';
import type { NoiseLevel } from '../process/noise-level.ts';
import { ddim, eulerAncestral } from './ddim.ts';
import { ddpm } from './ddpm.ts';
import { dpmSolver } from './dpm-solver.ts';
import { heun } from './heun.ts';
import { type DenoiserOptions, denoiserOptions, modelDenoiser } from './model-denoiser.ts';
import { type PathOptions, pathOptions, samplingPath } from './path.ts';
import { type Denoiser, type Sampler, type SamplerState, toTheEnd } from './sampler.ts';

/** Samplers for any formulation, by name. */
export const samplers = {
  ddpm: ddpm(),
  ddim: ddim(),
  eulerAncestral: eulerAncestral(),
  heun: heun(),
  dpmSolver: dpmSolver(),
  dpmSolverSde: dpmSolver({ eta: 1 }),
} as const;

export type SamplerName = keyof typeof samplers;

/** @throws ConfigError, which lists the valid names with the nearest first, for any other name. */
export function namedSampler(name: string): Sampler {
  return samplers[requireOneOf('sampler', name, Object.keys(samplers) as SamplerName[])];
}

/** Options of `denoising`. */
export interface DenoisingOptions extends PathOptions, DenoiserOptions {
  /**
   * By name, 'heun' has the spacing 'karras' by default.
   *
   * @default 'dpmSolver'
   */
  readonly sampler?: Sampler | SamplerName;
  /**
   * What to make of the model's beliefs before the sampler has them, such as `withMeans`.
   *
   * @default none
   */
  readonly refine?: ((denoise: Denoiser) => Denoiser) | undefined;
}

/** Options of `sample`. */
export interface SampleOptions extends DenoisingOptions {
  /**
   * Pictures that are made at a time, at least 1: bounds the memory. Each batch has noise of its own.
   *
   * @default 250
   */
  readonly batchSize?: number;
}

/** The names of `DenoisingOptions`. */
export const denoisingOptions = ['sampler', 'refine', ...denoiserOptions, ...pathOptions] as const;

/**
 * The way from noise to pictures with the given labels, state by state.
 *
 * @param key Decides the first noise and all that is added.
 * @param labels One a picture; `anyClass(model, count)` for no class in particular.
 * @throws ConfigError for a label that the network isn't told, or an option out of its range.
 */
export function denoising(
  model: DiffusionModel,
  key: RandomKey,
  labels: ArrayLike<number>,
  options: DenoisingOptions = {},
): Generator<SamplerState, void, undefined> {
  rejectUnknownOptions('denoising', options, denoisingOptions);
  const { states, path } = resolveWay(model, key, labels, options);
  const shape = [labels.length, ...pictureShape(model)];
  return startingFrom(() => key.child('start').normal<tf.Rank.R4>(shape, 0, path[0]!.sigma), states);
}

/** Options of `denoisingFrom`. */
export interface DenoisingFromOptions extends DenoisingOptions {
  /**
   * Steps that are left out at the noisy end, at least 0 and fewer than `steps`.
   *
   * @default 0
   */
  readonly skip?: number;
}

/**
 * `denoising` from a start of one's own: noise, or pictures with noise on them.
 *
 * @param draw Makes pictures at the level where the way begins, `[labels.length, H, W, C]`; they are disposed of at the end.
 * @throws ConfigError as `denoising`; when the second state is asked for, for pictures of another shape or number.
 */
export function denoisingFrom(
  model: DiffusionModel,
  key: RandomKey,
  labels: ArrayLike<number>,
  draw: (level: NoiseLevel) => tf.Tensor4D,
  options: DenoisingFromOptions = {},
): Generator<SamplerState, void, undefined> {
  rejectUnknownOptions('denoisingFrom', options, [...denoisingOptions, 'skip']);
  const { skip = 0, ...rest } = options;
  const { states, path } = resolveWay(model, key, labels, rest, skip);
  return startingFrom(() => draw(path[0]!), states);
}

function resolveWay(
  model: DiffusionModel,
  key: RandomKey,
  labels: ArrayLike<number>,
  options: DenoisingOptions,
  skip = 0,
) {
  const { sampler = 'dpmSolver', refine = (one) => one, guidance, rescale, clip, ...way } = options;
  const denoise = refine(modelDenoiser(model, labels, withoutMissing({ guidance, rescale, clip })));
  // Heun's slopes are in sigma / alpha, of which the last timesteps have too much.
  const usual = sampler === 'heun' ? ({ spacing: 'karras' } as const) : {};
  const whole = samplingPath(model.formulation, { ...usual, ...withoutMissing(way) });
  const path = whole.slice(requireInteger('skip', skip, { min: 0, max: whole.length - 2 }));
  const run = typeof sampler === 'string' ? namedSampler(sampler) : sampler;
  return { path, states: (xT: tf.Tensor4D) => run({ denoise, path, xT, key }) };
}

/**
 * `denoising` to the end: pictures `[labels.length, H, W, C]`, the same for the same key and batch size. The caller disposes
 * of them.
 *
 * @throws ConfigError for a label that the network isn't told, or an option out of its range.
 */
export function sample(
  model: DiffusionModel,
  key: RandomKey,
  labels: ArrayLike<number>,
  options: SampleOptions = {},
): tf.Tensor4D {
  rejectUnknownOptions('sample', options, [...denoisingOptions, 'batchSize']);
  const { batchSize: given = 250, ...rest } = options;
  const batchSize = requireInteger('batchSize', given, { min: 1 });
  const told = requireLabels(model, labels);
  return tf.tidy(() => {
    const batches: tf.Tensor4D[] = [];
    for (let from = 0; from < told.length; from += batchSize) {
      const batchKey = from === 0 ? key : key.child('batch').child(from);
      batches.push(toTheEnd(denoising(model, batchKey, told.slice(from, from + batchSize), rest)));
    }
    return batches.length === 1 ? batches[0]! : tf.concat(batches, 0);
  });
}

function* startingFrom(
  draw: () => tf.Tensor4D,
  states: (xT: tf.Tensor4D) => Generator<SamplerState, void, undefined>,
): Generator<SamplerState, void, undefined> {
  const xT = draw();
  try {
    yield* states(xT);
  } finally {
    xT.dispose();
  }
}

function withoutMissing<T extends object>(options: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
