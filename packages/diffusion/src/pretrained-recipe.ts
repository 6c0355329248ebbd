/** How the shipped model was trained: by Adam, with a learning rate that rises over the warm-up and falls along a cosine. */
export const pretrainedRecipe = {
  /** Of the first weights, batches, levels and noise. */
  seed: 1,
  steps: 7000,
  batchSize: 64,
  learningRate: 1e-3,
  warmup: 200,
  /** Decay of the weights' average, which is what ships. */
  ema: 0.999,
} as const;

/** The same of the shipped latent model: first its autoencoder, then its U-Net. */
export const latentRecipe = {
  seed: 1,
  autoencoderSteps: 1000,
  steps: 2600,
  batchSize: 128,
  learningRate: 1e-3,
  warmup: 100,
  /** Of the U-Net. */
  ema: 0.999,
  /** Training pictures, the first so many, on which the latents' scale is measured. */
  measured: 5000,
} as const;
