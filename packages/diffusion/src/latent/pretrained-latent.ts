import { decodeSafetensors, RandomKey } from '@lab/core';
import { latentRecipe } from '../pretrained-recipe.ts';
import { latentModel, type LatentModel } from './latent-model.ts';
import { restoreLatent } from './latent-state.ts';

/**
 * The latent model that comes with this package: `latentModel`, trained on MNIST. `sampleLatent(model, key, [7, 7], { guidance: 1.75 })`
 * draws two sevens, `[2, 28, 28, 1]` in [-1, 1]. Loads in Node and, as a chunk of its own, in a browser; nothing is fetched from
 * elsewhere. `pnpm --filter @lab/diffusion train-latent` makes its weights anew.
 */
export async function loadPretrainedLatent(): Promise<LatentModel> {
  const { latentWeights } = await import('../generated/latent-weights.ts');
  const bytes = Uint8Array.from(atob(latentWeights), (letter) => letter.charCodeAt(0));
  const model = latentModel(RandomKey.fromSeed(latentRecipe.seed));
  return restoreLatent(model, decodeSafetensors(bytes, 'latent.safetensors').tensors, 'latent.safetensors');
}
