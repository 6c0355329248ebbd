export {
  endlessBatches,
  epochBatches,
  orderedBatches,
  type Batch,
  type EndlessBatchOptions,
  type EpochBatchOptions,
  type OrderedBatchOptions,
} from './batches.ts';
export { classCounts, filterClasses, withRareClass, type RareClassOptions } from './class-filters.ts';
export { DataFormatError, type DataFormatErrorDetails } from './data-format-error.ts';
export { encodeIdx, parseIdx, type IdxArray, type IdxData } from './idx.ts';
export {
  pairImagesWithLabels,
  subset,
  type Dataset,
  type LabelledImages,
  type PairSources,
} from './labelled-images.ts';
export { oneHot } from './one-hot.ts';
export { OptionError } from './option-error.ts';
export { shuffledIndices, type ShuffleOptions } from './shuffle.ts';
export { toFloat, type PixelRange } from './to-float.ts';
