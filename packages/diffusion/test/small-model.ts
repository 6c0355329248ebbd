import { adam, Ema, RandomKey } from '@lab/core';
import {
  type DiffusionModel,
  type DiffusionTraining,
  noiseSchedule,
  trainableVariables,
  type TrainingBatch,
  unet,
  variancePreserving,
  type VariancePreservingOptions,
} from '../src/index.ts';
import { smallUnet } from './small-unet.ts';

export type AveragedTraining = DiffusionTraining & { readonly ema: Ema };
export type LabelledBatch = TrainingBatch & { readonly labels: Int32Array };

/** A model of 4x4 pictures of two classes. */
export function smallModel(seed = 1, options: VariancePreservingOptions = {}): DiffusionModel {
  const schedule = noiseSchedule({ timesteps: 40 });
  return {
    network: unet({ ...smallUnet, key: RandomKey.fromSeed(seed) }),
    formulation: variancePreserving({ schedule, ...options }),
    classes: smallUnet.classes,
    hasNullClass: true,
  };
}

export function smallTraining(seed = 1, options: VariancePreservingOptions = {}): AveragedTraining {
  const model = smallModel(seed, options);
  return { model, optimizer: adam({ learningRate: 3e-3 }), ema: new Ema(trainableVariables(model), { decay: 0.9 }) };
}

export function disposeTraining({ model, optimizer, ema }: DiffusionTraining): void {
  model.network.dispose();
  optimizer.dispose();
  ema?.dispose();
}

/** Bars: class 0 upright in column 1 or 2, class 1 lying. Batch s is a function of s alone. */
export function* bars(count: number, startStep = 0, size = 8): Generator<LabelledBatch> {
  for (let step = startStep; step < startStep + count; step++) {
    const draws = RandomKey.fromSeed(99)
      .child(step)
      .integers(2 * size, 0, 1);
    const data = new Float32Array(size * 16).fill(-1);
    const labels = Int32Array.from({ length: size }, (_, i) => draws[i]!);
    labels.forEach((label, i) => {
      const at = 1 + draws[size + i]!;
      for (let k = 0; k < 4; k++) data[i * 16 + (label === 0 ? 4 * k + at : 4 * at + k)] = 1;
    });
    yield { data, shape: [size, 4, 4, 1], labels };
  }
}

export function weightsOf({ network }: DiffusionModel): Float32Array[] {
  return network.weights.map((weight) => weight.read().dataSync().slice() as Float32Array);
}
