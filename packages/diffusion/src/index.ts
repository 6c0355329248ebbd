export { classConditionalModel, type ClassConditionalModelOptions } from './class-conditional-model.ts';
export { anyClass, pictureShape, trainableVariables, type DiffusionModel } from './diffusion-model.ts';
export {
  diffusionState,
  diffusionWeights,
  restoreDiffusion,
  restoreWeights,
  type DiffusionTraining,
} from './diffusion-state.ts';
export { autoencoder, type Autoencoder } from './latent/autoencoder.ts';
export type { AutoencoderOptions } from './latent/autoencoder-options.ts';
export { latentBatches, type LatentBatchesOptions } from './latent/latent-batches.ts';
export {
  decode,
  encode,
  latentModel,
  measureLatents,
  type LatentModel,
  type LatentScale,
} from './latent/latent-model.ts';
export { latentWeights, restoreLatent } from './latent/latent-state.ts';
export { loadPretrainedLatent } from './latent/pretrained-latent.ts';
export { drawOf, klDivergence, posteriorOf, type Posterior } from './latent/posterior.ts';
export { sampleLatent, type SampleLatentOptions } from './latent/sample-latent.ts';
export {
  autoencoderLosses,
  autoencoderVariables,
  trainAutoencoder,
  type AutoencoderMetrics,
  type TrainAutoencoderOptions,
} from './latent/train-autoencoder.ts';
export { CrossAttention } from './networks/cross-attention.ts';
export { GaussianFeatures, type GaussianFeaturesArgs } from './networks/gaussian-features.ts';
export { PixelNormalization } from './networks/pixel-normalization.ts';
export { scoreUnet, type ScoreUnetOptions } from './networks/score-unet.ts';
export type { Pictures } from './pictures.ts';
export { cosineBetas, linearBetas, sigmoidBetas } from './process/betas.ts';
export { diffuse } from './process/diffuse.ts';
export { edm, type EdmOptions } from './process/edm.ts';
export type { Formulation } from './process/formulation.ts';
export { predictionWeight } from './process/min-snr.ts';
export {
  clean,
  halfLogSnr,
  noiseToSignal,
  posteriorVariance,
  transitionVariance,
  type NoiseLevel,
} from './process/noise-level.ts';
export {
  noiseSchedule,
  scheduleOf,
  stretchToZeroSnr,
  type NoiseSchedule,
  type NoiseScheduleKind,
  type NoiseScheduleOptions,
} from './process/noise-schedule.ts';
export {
  answerOf,
  clipPrediction,
  predictionOf,
  targets,
  type Prediction,
  type PredictionType,
  type Target,
} from './process/prediction.ts';
export {
  varianceExploding,
  type VarianceExploding,
  type VarianceExplodingOptions,
} from './process/variance-exploding.ts';
export { variancePreserving, type VariancePreservingOptions } from './process/variance-preserving.ts';
export { loadPretrained } from './pretrained.ts';
export { latentRecipe, pretrainedRecipe } from './pretrained-recipe.ts';
export { ddim, ddimStep, eulerAncestral, type DdimOptions } from './sampling/ddim.ts';
export { ddpm, ddpmStep, type DdpmOptions } from './sampling/ddpm.ts';
export { dpmSolver, dpmSolverStep, type DpmSolverInput, type DpmSolverOptions } from './sampling/dpm-solver.ts';
export { eulerMaruyama, predictorCorrector, type PredictorCorrectorOptions } from './sampling/euler-maruyama.ts';
export { guide } from './sampling/guidance.ts';
export { heun, type Churn, type HeunOptions } from './sampling/heun.ts';
export { modelDenoiser, type DenoiserOptions } from './sampling/model-denoiser.ts';
export { samplingPath, type PathOptions, type Spacing } from './sampling/path.ts';
export {
  denoising,
  denoisingFrom,
  namedSampler,
  sample,
  samplers,
  type DenoisingFromOptions,
  type DenoisingOptions,
  type SampleOptions,
  type SamplerName,
} from './sampling/sample.ts';
export {
  toTheEnd,
  walk,
  type Denoiser,
  type Sampler,
  type SamplerState,
  type Start,
  type StepContext,
  type StepResult,
  type Stretch,
} from './sampling/sampler.ts';
export {
  denoisingLoss,
  drawDenoisingBatch,
  type DenoisingBatch,
  type TrainingPictures,
} from './training/denoising-loss.ts';
export {
  trainDiffusion,
  type TrainDiffusionOptions,
  type TrainingBatch,
  type TrainProgress,
} from './training/train-diffusion.ts';
export { trainStep, type StepMetrics, type TrainStepOptions } from './training/train-step.ts';
export { unet, type UnetOptions } from './unet.ts';
export { anomalyScores, denoisingErrors, type AnomalyOptions } from './uses/anomaly-scores.ts';
export { imageToImage, type ImageToImageOptions } from './uses/image-to-image.ts';
export { interpolateNoise, noiseBetween, type InterpolateNoiseOptions } from './uses/interpolate-noise.ts';
export { repaint, type Inpainting, type RepaintOptions } from './uses/repaint.ts';
export { blockMeans, withMeans } from './uses/super-resolution.ts';
export { DivergenceError } from '@lab/core';
