import { tf } from '@lab/core';
import { type LatentModel, sampleLatent, type SampleOptions } from '@lab/diffusion';
import type { Contender } from '../compare/contenders.ts';
import { passesOf } from '../diffusion/shipped-sampling.ts';
import { toUnit } from '../run/host-pictures.ts';
import type { TrainedLatent } from './train.ts';

/** A latent model in the comparison. */
export function latentContender({ model, seconds }: TrainedLatent, sampling: SampleOptions): Contender {
  const { decoder, unet } = partsOf(model);
  return {
    name: 'diffusion, in latents',
    parameters: decoder + unet,
    passes: passesOf(sampling),
    trainingSeconds: seconds,
    isConditional: true,
    draw: (asked, key) => tf.tidy(() => toUnit(sampleLatent(model, key, asked, sampling), 'signed')),
  };
}

/** Weights of each of the three networks. */
export function partsOf({ autoencoder: { encoder, decoder }, diffusion: { network } }: LatentModel) {
  return { encoder: encoder.countParams(), decoder: decoder.countParams(), unet: network.countParams() };
}
