export { areaUnderRoc } from './area-under-roc.ts';
export { classifierScoreInterval, labelEntropyInterval } from './class-intervals.ts';
export {
  classifierScore,
  classStatistics,
  type ClassStatistics,
  labelEntropy,
  mergeClassStatistics,
} from './class-statistics.ts';
export {
  type ClassAccuracy,
  conditionalAccuracy,
  type ConditionalAccuracy,
  confusion,
  type Confusion,
  mergeConfusions,
} from './conditional-accuracy.ts';
export {
  type Anatomy,
  type AnatomyCounts,
  anatomyGap,
  anatomyRates,
  type AnatomyRates,
  digitAnatomy,
  mergeAnatomies,
  strokesAndHoles,
} from './digit-anatomy.ts';
export { frechetDistance, frechetInterval, type FrechetIntervalOptions } from './frechet-distance.ts';
export { bootstrapInterval, type BootstrapOptions, type Interval, meanInterval } from './interval.ts';
export { kernelDistance } from './kernel-distance.ts';
export {
  manifoldMembership,
  type ManifoldMembership,
  type ManifoldOptions,
  manifoldScores,
  type ManifoldScores,
} from './manifold.ts';
export { memorisation, type Memorisation } from './memorisation.ts';
export { covariance, mergeMoments, moments, type Moments } from './moments.ts';
export { nearestNeighbours, type Neighbours } from './nearest-neighbours.ts';
export { type ParzenEstimate, type ParzenOptions, parzenWindow } from './parzen.ts';
export { peakSignalToNoise } from './peak-signal-to-noise.ts';
export { predictedLabels } from './probabilities.ts';
export { type Rows } from './rows.ts';
export {
  scoreSamples,
  scoreWithFloor,
  type SampleSet,
  type ScoreOptions,
  type Scores,
  type ScoresWithFloor,
} from './score-samples.ts';
export { structuralSimilarity } from './structural-similarity.ts';
