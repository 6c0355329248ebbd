import { loadPretrained, readFeatures, type Readings } from '@lab/adversarial';
import type { RandomKey } from '@lab/core';
import { type DiffusionModel, sample, type SampleOptions } from '@lab/diffusion';
import {
  classStatistics,
  conditionalAccuracy,
  confusion,
  frechetDistance,
  labelEntropy,
  manifoldScores,
} from '@lab/metrics';
import { type LabelledImages, orderedBatches, type PixelRange } from '@lab/mnist-data';
import { hostPictures } from '../run/host-pictures.ts';

/** How well a model draws by some way of sampling. */
export interface SamplingQuality {
  /** Share that is read as what was asked for. */
  readonly accuracy: number;
  /** Of the classes that are read, over that of equal shares. */
  readonly entropy: number;
  /** To the features of the test set; null for too few samples, as are the next two. */
  readonly frechet: number | null;
  /** Against as many pictures of the test set. */
  readonly recall: number | null;
  readonly coverage: number | null;
  readonly millisecondsAPicture: number;
}

/** A model, and the one who measures it. */
export interface MeasuredModel {
  readonly model: DiffusionModel;
  /** Of its samples. */
  readonly range: PixelRange;
  readonly measure: (options: SampleOptions) => Promise<SamplingQuality>;
}

/** The distance needs more samples than the judge has features. */
const leastJudged = 129;

/** Measures a model by `count` samples, digits in turn, always of the same noise. */
export async function measuredModel(
  { model, range }: Pick<MeasuredModel, 'model' | 'range'>,
  test: LabelledImages,
  { count, key }: { readonly count: number; readonly key: RandomKey },
): Promise<MeasuredModel> {
  const judge = await loadPretrained();
  const [all] = orderedBatches(test, { batchSize: test.count });
  const real = count < leastJudged ? undefined : (await readFeatures(judge, all!)).features;
  const asked = Uint8Array.from({ length: count }, (_, i) => i % 10);
  return {
    model,
    range,
    measure: async (options) => {
      const started = performance.now();
      const pictures = await hostPictures(sample(model, key, asked, options), range);
      const millisecondsAPicture = (performance.now() - started) / count;
      const { features, probabilities } = await readFeatures(judge, pictures as Parameters<typeof readFeatures>[1]);
      return {
        accuracy: conditionalAccuracy(confusion(asked, probabilities)).accuracy,
        entropy: labelEntropy(classStatistics(probabilities).histogram),
        ...(await against(real, features, count)),
        millisecondsAPicture,
      };
    },
  };
}

async function against(real: Readings['features'] | undefined, features: Readings['features'], count: number) {
  if (real === undefined) return { frechet: null, recall: null, coverage: null };
  const size = real.shape[1]!;
  const asMany = { data: real.data.slice(0, count * size), shape: [count, size] as const };
  const { recall, coverage } = await manifoldScores(features, asMany);
  return { frechet: frechetDistance(features, real), recall, coverage };
}
