import { adam, cosineDecay, type Optimizer, RandomKey } from '@lab/core';
import { mirzaOptimizers, pretrainedPenalty, pretrainedRecipe } from '@lab/cgan';
import { type Gan, goodfellow, goodfellowOptimizers, type GanLoss, marginalBias, type Penalty } from '@lab/gan';
import { type LabelledImages, orderedBatches } from '@lab/mnist-data';
import { lossNamed } from '../loss-names.ts';
import type { Networks } from '../presets.ts';
import type { RunConfig } from './config.ts';
import { networksNamed } from './networks.ts';

/** What is trained, and by what. */
export interface Training {
  readonly gan: Gan;
  readonly dOptimizer: Optimizer;
  readonly gOptimizer: Optimizer;
  readonly loss: GanLoss;
  /** @default none */
  readonly penalty?: Penalty;
  /** Decides latents and dropout: step s uses `key.child(s)`. */
  readonly key: RandomKey;
}

/** A run at step 0: a pure function of its configuration and data. */
export function createTraining(config: RunConfig, images: LabelledImages): Training {
  const key = RandomKey.fromSeed(config.seed);
  const networksKey = key.child('networks');
  const gan =
    config.networks === 'goodfellow' ? goodfellowOf(images, networksKey) : networksNamed(config.networks, networksKey);
  return {
    gan,
    ...rulesOf[config.networks](config, images),
    loss: lossNamed(config.loss),
    key: trainingKey(config.seed),
  };
}

export function trainingKey(seed: number): RandomKey {
  return RandomKey.fromSeed(seed).child('training');
}

/** Goodfellow's networks begin from the mean picture. */
function goodfellowOf(images: LabelledImages, key: RandomKey): Gan {
  return goodfellow(key, { outputBias: marginalBias(orderedBatches(images, { batchSize: 1000, reuseArrays: true })) });
}

type Rules = Pick<Training, 'dOptimizer' | 'gOptimizer' | 'penalty'>;

/** What each pair of networks is trained by. */
const rulesOf: Readonly<Record<Networks, (config: RunConfig, images: LabelledImages) => Rules>> = {
  'reference-mlp': () => referenceOptimizers(),
  'reference-cgan': () => referenceOptimizers(),
  mirza: () => mirzaOptimizers(),
  'convolutional-cgan': ({ steps }) => ({ ...convolutionalOptimizers(steps), penalty: pretrainedPenalty }),
  goodfellow: ({ batch }, images) =>
    goodfellowOptimizers({ stepsPerEpoch: Math.max(1, Math.round(images.count / batch)) }),
};

function referenceOptimizers() {
  return { dOptimizer: adam({ learningRate: 1e-3 }), gOptimizer: adam({ learningRate: 1e-3 }) };
}

function convolutionalOptimizers(steps: number) {
  const { learningRate, beta1 } = pretrainedRecipe;
  const optimizer = () => adam({ learningRate: cosineDecay({ learningRate, steps }), beta1 });
  return { dOptimizer: optimizer(), gOptimizer: optimizer() };
}

export function disposeTraining({ gan, dOptimizer, gOptimizer }: Training): void {
  gan.generator.dispose();
  gan.discriminator.dispose();
  dOptimizer.dispose();
  gOptimizer.dispose();
}
