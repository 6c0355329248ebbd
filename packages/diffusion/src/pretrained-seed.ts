/** The seed of the shipped model's first weights, batches, levels and noise. */
export const pretrainedSeed = 1;

/** The same of the shipped latent model. */
export const latentSeed = 1;
