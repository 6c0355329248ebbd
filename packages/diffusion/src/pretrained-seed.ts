/** The seed of the shipped model's first weights, batches, levels and noise. */
export const pretrainedSeed = 1;
