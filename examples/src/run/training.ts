import { adam, cosineDecay, type Optimizer, RandomKey } from '@lab/core';
import {
  convolutionalCgan,
  mirza,
  mirzaOptimizers,
  pretrainedNetworks,
  pretrainedPenalty,
  referenceCgan,
} from '@lab/cgan';
import {
  type Gan,
  goodfellow,
  goodfellowOptimizers,
  type GanLoss,
  marginalBias,
  type Penalty,
  referenceMlp,
} from '@lab/gan';
import { type LabelledImages, orderedBatches } from '@lab/mnist-data';
import { lossNamed } from '../loss-names.ts';
import type { Networks } from '../presets.ts';
import type { RunConfig } from './config.ts';

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
  const players = playersOf[config.networks](key.child('networks'), config, images);
  return { ...players, loss: lossNamed(config.loss), key: trainingKey(config.seed) };
}

export function trainingKey(seed: number): RandomKey {
  return RandomKey.fromSeed(seed).child('training');
}

type Players = Pick<Training, 'gan' | 'dOptimizer' | 'gOptimizer' | 'penalty'>;

type MakePlayers = (key: RandomKey, config: RunConfig, images: LabelledImages) => Players;

const playersOf: Readonly<Record<Networks, MakePlayers>> = {
  'reference-mlp': (key) => ({ gan: referenceMlp(key), ...referenceOptimizers() }),
  'reference-cgan': (key) => ({ gan: referenceCgan(key), ...referenceOptimizers() }),
  mirza: (key) => ({ gan: mirza(key), ...mirzaOptimizers() }),
  'convolutional-cgan': (key, { steps }) => ({
    gan: convolutionalCgan(key, pretrainedNetworks),
    ...convolutionalOptimizers(steps),
    penalty: pretrainedPenalty,
  }),
  goodfellow: (key, { batch }, images) => ({
    gan: goodfellow(key, { outputBias: marginalBias(orderedBatches(images, { batchSize: 1000, reuseArrays: true })) }),
    ...goodfellowOptimizers({ stepsPerEpoch: Math.max(1, Math.round(images.count / batch)) }),
  }),
};

function referenceOptimizers() {
  return { dOptimizer: adam({ learningRate: 1e-3 }), gOptimizer: adam({ learningRate: 1e-3 }) };
}

function convolutionalOptimizers(steps: number) {
  const optimizer = () => adam({ learningRate: cosineDecay({ learningRate: 5e-4, steps }), beta1: 0.5 });
  return { dOptimizer: optimizer(), gOptimizer: optimizer() };
}

export function disposeTraining({ gan, dOptimizer, gOptimizer }: Training): void {
  gan.generator.dispose();
  gan.discriminator.dispose();
  dOptimizer.dispose();
  gOptimizer.dispose();
}
