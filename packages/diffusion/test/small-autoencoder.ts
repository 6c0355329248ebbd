import { RandomKey } from '@lab/core';
import { type Autoencoder, autoencoder } from '../src/index.ts';

/** Of 4x4 pictures: latents of 2x2x2. */
export function smallAutoencoder(): Autoencoder {
  return autoencoder(RandomKey.fromSeed(71).child('autoencoder'), {
    imageSize: 4,
    widths: [8, 8],
    latentChannels: 2,
    groups: 2,
  });
}
