export type { ConditionalGan } from './conditional-gan.ts';
export { convolutionalCgan, type ConvolutionalCganOptions } from './networks/convolutional-cgan.ts';
export { mirza, mirzaOptimizers, type MirzaOptions } from './networks/mirza.ts';
export { referenceCgan, type ReferenceCganOptions } from './networks/reference-cgan.ts';
export { loadPretrained, type PretrainedCgan } from './pretrained.ts';
export { pretrainedNetworks, pretrainedPenalty, pretrainedRecipe, pretrainedTemperature } from './pretrained-recipe.ts';
export { classByStyle, sample, type ClassByStyleOptions, type SampleRequest } from './sample.ts';
export { transferStyle, type StyleTransfer } from './transfer-style.ts';
export { DivergenceError } from '@lab/core';
