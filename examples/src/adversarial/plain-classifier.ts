import { type LabelledPictures, classifier, evaluate, predictWith, trainClassifier } from '@lab/adversarial';
import { type RandomKey, adam, cosineDecay } from '@lab/core';
import { type Dataset, endlessBatches } from '@lab/mnist-data';
import type { Classifier } from './experiments.ts';
import { allOf } from './pictures.ts';

/** Of the earlier measurement that the report compares with. */
const [epochs, batchSize] = [6, 128];

/**
 * A classifier of the shape and training of the earlier measurement: conv 3x3x16, pool, conv 3x3x32, pool, dense 128, on
 * pictures that are not moved.
 */
export async function trainPlainClassifier(
  { train, test }: Dataset,
  { key, seed, signal }: { key: RandomKey; seed: number; signal: AbortSignal },
): Promise<Classifier> {
  const steps = Math.ceil((epochs * train.count) / batchSize);
  const model = classifier({ key, blocks: [[16], [32]] });
  const optimizer = adam({ learningRate: cosineDecay({ learningRate: 1e-3, steps }) });
  const batches = endlessBatches(train, { batchSize, seed, reuseArrays: true });
  for await (const _ of trainClassifier(model, batches, { optimizer, steps, metricsEvery: 100, signal }));
  optimizer.dispose();
  return withAccuracy(model, allOf(test));
}

export async function withAccuracy(model: Classifier['model'], test: LabelledPictures): Promise<Classifier> {
  return { model, accuracy: (await evaluate(predictWith(model), test)).accuracy };
}
