import { type RandomKey, tf } from '@lab/core';
import { denoising, sample, type SampleOptions, type SamplerName } from '@lab/diffusion';
import type { Images } from '@lab/viz';
import { hostPictures } from '../run/host-pictures.ts';
import type { MeasuredModel, SamplingQuality } from './measured-model.ts';
import type { Sweep } from './settings.ts';
import { passesOf, stepsWithin } from './shipped-sampling.ts';

/** Pictures of a model. In [0, 1]. */
export interface Showpieces {
  /** Ten rows, a digit each; the columns differ in noise. */
  readonly grid: Images;
  /** Every state on the way to one picture of each digit. */
  readonly way: readonly Images[];
}

/** A measurement, and what it was made with. */
export interface SweepPoint extends SamplingQuality {
  readonly steps: number;
  readonly guidance: number;
  /** Passes of the network for a picture. */
  readonly passes: number;
}

/** What was found by trying samplers, steps and guidance. */
export interface Sweeps {
  readonly samplers: Readonly<Partial<Record<SamplerName, readonly SweepPoint[]>>>;
  readonly guidances: readonly SweepPoint[];
}

const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const mostFrames = 40;

/** Draws a grid and the way to ten pictures. */
export async function showpieces(
  { model, range }: Pick<MeasuredModel, 'model' | 'range'>,
  key: RandomKey,
  sampling: SampleOptions,
): Promise<Showpieces> {
  const labels = digits.flatMap((digit) => digits.map(() => digit));
  const grid = await hostPictures(sample(model, key.child('grid'), labels, sampling), range);
  return { grid, way: await wayTo({ model, range }, key.child('way'), sampling) };
}

async function wayTo(
  { model, range }: Pick<MeasuredModel, 'model' | 'range'>,
  key: RandomKey,
  sampling: SampleOptions,
): Promise<Images[]> {
  const every = Math.ceil((sampling.steps ?? 50) / mostFrames);
  const frames: Images[] = [];
  for (const { step, level, xt } of denoising(model, key, digits, sampling)) {
    if (step % every === 0 || level.sigma === 0) frames.push(await hostPictures(tf.clone(xt), range));
  }
  return frames;
}

/** Steps against quality for each sampler, and guidance against quality and variety; `tell` hears what is being done. */
export async function sweep(
  measured: MeasuredModel,
  { samplers, passCounts, guidances, sampling }: Sweep,
  { tell, signal }: { readonly tell: (what: string) => void; readonly signal: AbortSignal },
): Promise<Sweeps> {
  const measure = async (options: SampleOptions & { steps: number; guidance: number }): Promise<SweepPoint> => {
    const { steps, guidance } = options;
    return { steps, guidance, passes: passesOf(options), ...(await measured.measure(options)) };
  };
  const bySampler: Partial<Record<SamplerName, SweepPoint[]>> = {};
  for (const sampler of samplers) {
    tell(`steps against quality: ${sampler}`);
    const points: SweepPoint[] = (bySampler[sampler] = []);
    for (const passes of passCounts) {
      if (signal.aborted) break;
      const steps = stepsWithin(passes, { ...sampling, sampler });
      points.push(await measure({ ...sampling, sampler, steps }));
    }
  }
  const byGuidance: SweepPoint[] = [];
  for (const guidance of guidances) {
    if (signal.aborted) break;
    tell(`guidance ${guidance}`);
    byGuidance.push(await measure({ ...sampling, guidance }));
  }
  return { samplers: bySampler, guidances: byGuidance };
}
