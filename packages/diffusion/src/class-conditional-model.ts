import type { RandomKey } from '@lab/core';
import type { DiffusionModel } from './diffusion-model.ts';
import { noiseSchedule } from './process/noise-schedule.ts';
import { variancePreserving } from './process/variance-preserving.ts';
import { unet, type UnetOptions } from './unet.ts';

/** Options of `classConditionalModel`: those of its U-Net. */
export type ClassConditionalModelOptions = Omit<UnetOptions, 'key'>;

/**
 * A U-Net, untrained, that is told the class or "none of them": what a picture's velocity is (Salimans & Ho 2022, appendix D), on
 * a cosine schedule of 1,000 steps (Nichol & Dhariwal 2021, equation 17) that ends in nothing but noise (Lin et al. 2024, Algorithm 1),
 * levels weighted by min-SNR 5 (Hang et al. 2023). Its pictures are in [-1, 1].
 *
 * @param key Decides the first weights.
 * @throws ConfigError for an option out of its range, or that doesn't fit the others.
 */
export function classConditionalModel(key: RandomKey, options: ClassConditionalModelOptions = {}): DiffusionModel {
  const schedule = noiseSchedule({ kind: 'cosine', zeroTerminalSnr: true });
  return {
    network: unet({ ...options, key }),
    formulation: variancePreserving({ schedule, prediction: 'v', minSnr: 5 }),
    classes: options.classes ?? 10,
    hasNullClass: true,
  };
}
