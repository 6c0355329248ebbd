import { decodeSafetensors, RandomKey } from '@lab/core';
import { classConditionalModel } from './class-conditional-model.ts';
import type { DiffusionModel } from './diffusion-model.ts';
import { restoreWeights } from './diffusion-state.ts';
import { pretrainedRecipe } from './pretrained-recipe.ts';

/**
 * The model that comes with this package: `classConditionalModel`, trained on MNIST. `sample(model, key, [7, 7], { guidance: 2 })`
 * draws two sevens, `[2, 28, 28, 1]` in [-1, 1]. Loads in Node and, as a chunk of its own, in a browser; nothing is fetched from
 * elsewhere. `pnpm --filter @lab/diffusion train-digits` makes its weights anew.
 */
export async function loadPretrained(): Promise<DiffusionModel> {
  const { digitsWeights } = await import('./generated/digits-weights.ts');
  const bytes = Uint8Array.from(atob(digitsWeights), (letter) => letter.charCodeAt(0));
  const model = classConditionalModel(RandomKey.fromSeed(pretrainedRecipe.seed));
  restoreWeights(model, decodeSafetensors(bytes, 'digits.safetensors').tensors, 'digits.safetensors');
  return model;
}
