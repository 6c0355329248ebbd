import { RandomKey, type tf, decodeSafetensors, requireOneOf } from '@lab/core';
import { type ClassifierOptions, classifier } from './classifier.ts';
import { restoreWeights } from './classifier-state.ts';

/** The classifiers that come with this package. */
export type JudgeName = 'judge' | 'second';

/** What a judge is made from. */
export interface JudgeRecipe {
  /** Of its first weights, batches and shifts. */
  readonly seed: number;
  readonly network: Omit<ClassifierOptions, 'key'>;
}

/**
 * `judge`: conv 3x3x32, pool, conv 3x3x64, pool, dense 128, dense 10; 225,034 weights. `second`, for where the first one is
 * the victim of an attack: conv 5x5x20, pool, conv 5x5x50, pool, dense 100, dense 10; 106,680 weights, from another seed.
 */
export const judgeRecipes: Readonly<Record<JudgeName, JudgeRecipe>> = {
  judge: { seed: 1, network: { blocks: [[32], [64]] } },
  second: { seed: 2, network: { blocks: [[20], [50]], kernelSize: 5, hidden: [100] } },
};

/** A judge before its training. @throws ConfigError for another name. */
export function untrainedJudge(key: RandomKey, name: JudgeName = 'judge'): tf.LayersModel {
  const known = requireOneOf('The judge', name, Object.keys(judgeRecipes) as JudgeName[]);
  return classifier({ key, ...judgeRecipes[known].network });
}

/**
 * A classifier that comes with this package, trained on MNIST. It takes pictures `[B, 28, 28, 1]` in [0, 1] and gives
 * logits `[B, 10]`. Loads in Node and, as a chunk of its own, in a browser; nothing is fetched from elsewhere.
 * `pnpm --filter @lab/adversarial train-judge` makes its weights anew.
 *
 * @param name `second` is of another seed and shape: let it judge where the first is attacked.
 * @throws ConfigError for another name.
 */
export async function loadPretrained(name: JudgeName = 'judge'): Promise<tf.LayersModel> {
  const model = untrainedJudge(RandomKey.fromSeed(0), name);
  const bytes = Uint8Array.from(atob(await readWeights(name)), (letter) => letter.charCodeAt(0));
  restoreWeights(model, decodeSafetensors(bytes, `${name}.safetensors`).tensors, `${name}.safetensors`);
  return model;
}

async function readWeights(name: JudgeName): Promise<string> {
  if (name === 'second') return (await import('./generated/second-weights.ts')).secondWeights;
  return (await import('./generated/judge-weights.ts')).judgeWeights;
}
