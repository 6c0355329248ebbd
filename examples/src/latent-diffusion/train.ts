import { adam, cosineDecay, Ema, RandomKey } from '@lab/core';
import {
  latentBatches,
  latentModel,
  type LatentModel,
  latentRecipe,
  measureLatents,
  trainableVariables,
  trainAutoencoder,
  trainDiffusion,
} from '@lab/diffusion';
import { endlessBatches, type LabelledImages, orderedBatches, subset } from '@lab/mnist-data';
import type { LatentSetting } from './settings.ts';

/** A latent model that was trained from nothing. */
export interface TrainedLatent {
  readonly model: LatentModel;
  readonly seconds: number;
}

interface TrainLatentRequest {
  readonly seed: number;
  readonly tell: (what: string) => void;
  readonly signal: AbortSignal;
}

/** Trains the autoencoder, then the U-Net on its latents. @returns Undefined if it was aborted. */
export async function trainLatent(
  images: LabelledImages,
  { autoencoderSteps, steps, batch }: LatentSetting,
  { seed, tell, signal }: TrainLatentRequest,
): Promise<TrainedLatent | undefined> {
  const started = performance.now();
  const key = RandomKey.fromSeed(seed);
  const untrained = latentModel(key);
  const common = { batchSize: batch, seed, range: 'signed', reuseArrays: true } as const;
  tell(`the autoencoder: ${autoencoderSteps} steps`);
  const small = { key: key.child('autoencoder training'), ...paced(autoencoderSteps), signal };
  for await (const { step, reconstruction, divergence } of trainAutoencoder(
    untrained.autoencoder,
    endlessBatches(images, common),
    small,
  )) {
    tell(`step ${step}: squared error ${reconstruction.toFixed(4)}, ${divergence.toFixed(2)} nats a number`);
  }
  if (signal.aborted) return;

  const some = subset(
    images,
    Array.from({ length: Math.min(latentRecipe.measured, images.count) }, (_, i) => i),
  );
  const scale = await measureLatents(untrained.autoencoder, orderedBatches(some, { batchSize: 250, range: 'signed' }));
  const model = { ...untrained, scale };
  tell(`the U-Net: ${steps} steps`);
  const variables = trainableVariables(model.diffusion);
  const ema = new Ema(variables, { decay: latentRecipe.ema, warmup: true });
  const pictures = endlessBatches(images, { ...common, seed: seed + 1 });
  const latents = latentBatches(model, pictures, { key: key.child('latents') });
  const options = { key: key.child('training'), ...paced(steps), ema, signal };
  for await (const { step, loss } of trainDiffusion(model.diffusion, latents, options)) {
    tell(`step ${step}: loss ${loss.toFixed(4)}`);
  }
  if (signal.aborted) return;
  ema.copyTo(variables);
  return { model, seconds: (performance.now() - started) / 1000 };
}

/** Twenty readings, and a learning rate that is down at the last step. */
function paced(steps: number) {
  const { learningRate, warmup } = latentRecipe;
  const schedule = cosineDecay({ learningRate, steps, warmup: Math.min(warmup, steps) });
  return { steps, metricsEvery: Math.max(1, Math.floor(steps / 20)), optimizer: adam({ learningRate: schedule }) };
}
