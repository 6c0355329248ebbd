import { RandomKey, decodeSafetensors, type tf } from '@lab/core';
import { restoreGenerator } from '@lab/gan';
import type { ConditionalGan } from './conditional-gan.ts';
import { convolutionalCgan } from './networks/convolutional-cgan.ts';
import { pretrainedNetworks, pretrainedRecipe, pretrainedTemperature } from './pretrained-recipe.ts';
import { type SampleRequest, sample } from './sample.ts';

/** A conditional GAN whose G draws digits already. */
export interface PretrainedCgan extends ConditionalGan {
  /**
   * Pictures of the digit that is asked for, `[count, 28, 28, 1]` in [0, 1]: `digits.sample({ label: 7, count: 64, seed: 1 })`. The
   * same request gives the same pictures. The caller disposes of them.
   *
   * @throws ConfigError for a label that is no digit, and for any other option out of its range.
   */
  sample(request: SampleRequest): tf.Tensor4D;
}

/**
 * The conditional GAN that comes with this package, `convolutionalCgan`, trained on MNIST. Only its G is: D is as it was before
 * training. Its `temperature` is .8. Loads in Node and, as a chunk of its own, in a browser; nothing is fetched from elsewhere.
 * `pnpm --filter @lab/cgan train-digits` makes its weights anew.
 */
export async function loadPretrained(): Promise<PretrainedCgan> {
  const { digitsWeights } = await import('./generated/digits-weights.ts');
  const bytes = Uint8Array.from(atob(digitsWeights), (letter) => letter.charCodeAt(0));
  const networks = convolutionalCgan(RandomKey.fromSeed(pretrainedRecipe.seed).child('networks'), pretrainedNetworks);
  const gan = { ...networks, temperature: pretrainedTemperature };
  restoreGenerator(gan, decodeSafetensors(bytes, 'digits.safetensors').tensors, 'digits.safetensors');
  return { ...gan, sample: (request) => sample(gan, request) };
}
