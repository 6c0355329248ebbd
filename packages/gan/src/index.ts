export { drawLatents, type Gan, type Latent } from './gan.ts';
export { ganState, ganWeights, restoreGan, restoreGenerator, restoreWeights, type GanTraining } from './gan-state.ts';
export {
  interpolateLatents,
  latentWalk,
  lerp,
  slerp,
  type InterpolateOptions,
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
export { goodfellow, type GoodfellowOptions } from './networks/goodfellow.ts';
export {
  goodfellowLearningRate,
  goodfellowMomentum,
  goodfellowOptimizers,
  type GoodfellowOptimizersOptions,
} from './networks/goodfellow-optimizers.ts';
export { KeyedDropout, type KeyedDropoutArgs } from './networks/keyed-dropout.ts';
export { marginalBias } from './networks/marginal-bias.ts';
export { Maxout, type MaxoutArgs } from './networks/maxout.ts';
export { referenceMlp, type ReferenceMlpOptions } from './networks/reference-mlp.ts';
export type { Pictures } from './pictures.ts';
export { sample, sampleFrom, type SampleOptions } from './sample.ts';
export type { StepMetrics } from './step-metrics.ts';
export { trainGan, type TrainGanOptions, type TrainProgress } from './train-gan.ts';
export { trainStep, type TrainStepOptions } from './train-step.ts';
export { DivergenceError } from '@lab/core';
