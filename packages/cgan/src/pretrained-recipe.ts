import { r1 } from '@lab/gan';
import type { ConvolutionalCganOptions } from './networks/convolutional-cgan.ts';

/** The seed of the shipped networks' first weights, batches and latents. */
export const pretrainedSeed = 1;

/** The shape of the shipped networks. */
export const pretrainedNetworks = {
  width: 32,
  discriminator: 'auxiliary',
  hidden: 256,
  dNorm: 'none',
} as const satisfies ConvolutionalCganOptions;

/** Of the latents that the shipped networks paint from, unless they are told another. */
export const pretrainedTemperature = 0.8;

/** What keeps the D of the shipped networks in bounds until G draws digits. */
export const pretrainedPenalty = r1({ gamma: 0.5, every: 4 });
