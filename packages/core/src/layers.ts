export { attend } from './layers/attend.ts';
export { convolve, type ConvolutionActivation, type ConvolveOptions } from './layers/convolve.ts';
export { FusedConv2D } from './layers/fused-conv2d.ts';
export { groupNorm, type GroupNormInputs, type GroupNormOptions, type NormActivation } from './layers/group-norm.ts';
export { GroupNormalization, type GroupNormalizationArgs } from './layers/group-normalization.ts';
export { NearestUpsampling, upsample, type NearestUpsamplingArgs } from './layers/nearest-upsampling.ts';
export { SelfAttention, type SelfAttentionArgs } from './layers/self-attention.ts';
export { TimeFeatures, timeFeatures, type TimeFeaturesArgs } from './layers/time-features.ts';
