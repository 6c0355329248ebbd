import type { tf } from '@lab/core';
import { RandomKey, adam } from '@lab/core';
import { type GanTraining, type Pictures, type ReferenceMlpOptions, referenceMlp } from '../src/index.ts';

export const smallShape = [4, 5, 1] as const;

/** A GAN on 4x5 pictures with its optimisers: small enough for the slowest backend. */
export function smallTraining(seed = 1, options: ReferenceMlpOptions = {}): GanTraining {
  const key = RandomKey.fromSeed(seed);
  const gan = referenceMlp(key, { latentDim: 3, hidden: 6, imageShape: smallShape, ...options });
  return { gan, dOptimizer: adam({ learningRate: 0.01 }), gOptimizer: adam({ learningRate: 0.01 }) };
}

export function disposeTraining({ gan, dOptimizer, gOptimizer }: GanTraining): void {
  gan.generator.dispose();
  gan.discriminator.dispose();
  dOptimizer.dispose();
  gOptimizer.dispose();
}

/** Uniform noise as pictures: batch s is a function of s alone, so a resumed run can begin anywhere. */
export function* noiseBatches(count: number, startStep = 0, size = 4): Generator<Pictures> {
  for (let step = startStep; step < startStep + count; step++) {
    const data = RandomKey.fromSeed(99)
      .child(step)
      .uniformArray(size * 20);
    yield { data, shape: [size, ...smallShape] };
  }
}

/** Copies of all weights, G's first. */
export function weightsOf({ gan }: GanTraining): Float32Array[] {
  return [...generatorWeights({ gan }), ...discriminatorWeights({ gan })];
}

export function generatorWeights({ gan }: Pick<GanTraining, 'gan'>): Float32Array[] {
  return copies(gan.generator);
}

export function discriminatorWeights({ gan }: Pick<GanTraining, 'gan'>): Float32Array[] {
  return copies(gan.discriminator);
}

function copies(model: tf.LayersModel): Float32Array[] {
  return model.weights.map((weight) => weight.read().dataSync().slice() as Float32Array);
}
