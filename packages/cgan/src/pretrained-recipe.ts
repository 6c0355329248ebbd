import { r1 } from '@lab/gan';
import type { ConvolutionalCganOptions } from './networks/convolutional-cgan.ts';

/** How the shipped networks were trained: by Adam, with a learning rate that falls along a cosine. */
export const pretrainedRecipe = {
  /** Of the first weights, batches and latents. */
  seed: 1,
  steps: 7000,
  batchSize: 64,
  learningRate: 5e-4,
  beta1: 0.5,
  /** Decay of the average of G's weights, which is what ships. */
  ema: 0.999,
} as const;

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
