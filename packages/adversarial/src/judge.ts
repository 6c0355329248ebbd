import { RandomKey, type tf, decodeSafetensors } from '@lab/core';
import { classifier } from './classifier.ts';
import { restoreWeights } from './classifier-state.ts';

/** The seed of the judge's first weights, batches and shifts. */
export const judgeSeed = 1;

/** The judge before its training: conv 3x3x32, pool, conv 3x3x64, pool, dense 128, dense 10; 225,034 weights. */
export function untrainedJudge(key: RandomKey): tf.LayersModel {
  return classifier({ key, blocks: [[32], [64]] });
}

/**
 * The classifier that comes with this package, trained on MNIST. It takes pictures `[B, 28, 28, 1]` in [0, 1] and gives
 * logits `[B, 10]`. Loads in Node and, as a chunk of its own, in a browser; nothing is fetched from elsewhere.
 * `npm run train-judge` makes its weights anew.
 */
export async function loadPretrained(): Promise<tf.LayersModel> {
  const { judgeWeights } = await import('./generated/judge-weights.ts');
  const bytes = Uint8Array.from(atob(judgeWeights), (letter) => letter.charCodeAt(0));
  const model = untrainedJudge(RandomKey.fromSeed(judgeSeed));
  restoreWeights(model, decodeSafetensors(bytes, 'judge.safetensors').tensors, 'judge.safetensors');
  return model;
}
