import type { ConvolutionalCganOptions } from './networks/convolutional-cgan.ts';

/** The seed of the shipped networks' first weights, batches and latents. */
export const pretrainedSeed = 1;

/** The shape of the shipped networks. */
export const pretrainedNetworks = { width: 32, discriminator: 'auxiliary' } as const satisfies ConvolutionalCganOptions;
