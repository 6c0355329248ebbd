import { latentRecipe, type SampleOptions } from '@lab/diffusion';
import { shippedSampling, singlePass } from '../diffusion/shipped-sampling.ts';
import type { PresetName } from '../presets.ts';

/** How a latent model is trained, and on how many pictures it is measured. */
export interface LatentSetting {
  readonly summary: string;
  readonly autoencoderSteps: number;
  readonly steps: number;
  readonly batch: number;
  readonly sampling: SampleOptions;
  /** Pictures of each model in the comparison; 0 for none. */
  readonly compared: number;
}

export const latentSettings: Readonly<Record<PresetName, LatentSetting>> = {
  smoke: {
    summary: 'seconds; to see that everything works',
    autoencoderSteps: 3,
    steps: 3,
    batch: 8,
    sampling: singlePass,
    compared: 0,
  },
  quick: {
    summary: 'some six minutes on two cores',
    autoencoderSteps: 400,
    steps: 1_200,
    batch: latentRecipe.batchSize,
    sampling: shippedSampling,
    compared: 1_000,
  },
  lab: {
    summary: 'some half an hour on two cores, 10,000 pictures judged',
    autoencoderSteps: latentRecipe.autoencoderSteps,
    steps: latentRecipe.steps,
    batch: latentRecipe.batchSize,
    sampling: shippedSampling,
    compared: 10_000,
  },
  paper: {
    summary: 'hours: for as long as the latents still have something to teach',
    autoencoderSteps: 5_000,
    steps: 50_000,
    batch: latentRecipe.batchSize,
    sampling: shippedSampling,
    compared: 10_000,
  },
};
