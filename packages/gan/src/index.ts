export { generatorAverage, withAverage } from './average.ts';
export { complete, type CompleteOptions, type Completion } from './completion/complete.ts';
export {
  centreMask,
  gridMask,
  leftMask,
  lowResolution,
  masked,
  nothingHidden,
  type Observation,
  randomMask,
  type RandomMaskOptions,
  type Size,
} from './completion/observation.ts';
export { drawLatents, type Gan, type Latent } from './gan.ts';
export { ganState, ganWeights, restoreGan, restoreGenerator, restoreWeights, type GanTraining } from './gan-state.ts';
export {
  interpolateLatents,
  latentSheet,
  latentWalk,
  lerp,
  slerp,
  type InterpolateOptions,
  type LatentSheetOptions,
  type LatentWalkOptions,
  type Path,
} from './latents.ts';
export {
  ganLoss,
  logistic,
  losses,
  minimax,
  minimaxLogits,
  nonSaturating,
  type GanLoss,
  type GanLossName,
  type LossSlopes,
} from './losses.ts';
export type { LabelledImages, LabelledPictures } from './minibatch.ts';
export { dcgan, type DcganOptions } from './networks/dcgan.ts';
export {
  dcganBodyOptions,
  dcganFeatures,
  dcganPainter,
  resolveDcganBody,
  type DcganBody,
  type DcganBodyOptions,
} from './networks/dcgan-body.ts';
export { goodfellow, type GoodfellowOptions } from './networks/goodfellow.ts';
export {
  goodfellowLearningRate,
  goodfellowMomentum,
  goodfellowOptimizers,
  type GoodfellowOptimizersOptions,
} from './networks/goodfellow-optimizers.ts';
export { KeyedDropout, type KeyedDropoutArgs } from './networks/keyed-dropout.ts';
export { marginalBias } from './networks/marginal-bias.ts';
export { MinibatchStdDev, type MinibatchStdDevArgs } from './networks/minibatch-std-dev.ts';
export { Maxout, type MaxoutArgs } from './networks/maxout.ts';
export { referenceMlp, type ReferenceMlpOptions } from './networks/reference-mlp.ts';
export {
  SpectralConv2D,
  SpectralDense,
  normaliseSpectra,
  type SpectralConv2DArgs,
  type SpectralDenseArgs,
} from './networks/spectral-layers.ts';
export {
  gradientPenalty,
  r1,
  type GradientPenaltyOptions,
  type Penalty,
  type PenaltyInputs,
  type R1Options,
} from './penalties.ts';
export type { Pictures } from './pictures.ts';
export { sample, sampleFrom, type SampleOptions } from './sample.ts';
export { hinge, leastSquares, wasserstein } from './score-losses.ts';
export { smoothLabels } from './smooth-labels.ts';
export type { StepMetrics } from './step-metrics.ts';
export { trainGan, type TrainGanOptions, type TrainProgress } from './train-gan.ts';
export { trainStep, type TrainStepOptions } from './train-step.ts';
export { DivergenceError } from '@lab/core';
