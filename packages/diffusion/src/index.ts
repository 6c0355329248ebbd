export { denoiseStep, type DenoiseMetrics, type DenoiseStepOptions } from './denoise-step.ts';
export { noiseLoss, type NoisyBatch } from './noise-loss.ts';
export { unet, type UnetOptions } from './unet.ts';
