import { loadPretrained, readFeatures, type Readings } from '@lab/adversarial';
import { type ConditionalGan, sample } from '@lab/cgan';
import { classStatistics, conditionalAccuracy, confusion, frechetDistance, labelEntropy } from '@lab/metrics';
import { orderedBatches } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/node';
import { hostPictures } from '../run/host-pictures.ts';

/** What the pretrained classifier makes of a generator's samples. */
export interface Judgement {
  readonly samples: number;
  /** The share of samples that are read as the class they were asked to be. */
  readonly accuracy: number;
  readonly perClass: readonly number[];
  /** `[classes, classes]`, row-major: asked, then recognised. */
  readonly confusion: readonly number[];
  /** Samples that are read as each class. */
  readonly recognised: readonly number[];
  /** Of the classes recognised, over that of equal shares. */
  readonly entropy: number;
  /** Fréchet distance of the classifier's features to those of the test set; of as many test pictures, at most all. */
  readonly frechet: number;
}

/** Reads the test set once; what it returns judges `count` samples of a generator, the classes in turn. */
export async function classJudge(count: number): Promise<(gan: ConditionalGan) => Promise<Judgement>> {
  const model = await loadPretrained();
  const { test } = await loadMnist();
  const [real] = orderedBatches(test, { batchSize: Math.min(count, test.count) });
  const { features } = await readFeatures(model, real!);
  return async (gan) => {
    const label = Array.from({ length: count }, (_, i) => i % gan.classes);
    const images = sample(gan, { label, seed: 0 });
    const pictures = (await hostPictures(images)) as Parameters<typeof readFeatures>[1];
    return judgement(label, await readFeatures(model, pictures), features);
  };
}

function judgement(label: readonly number[], painted: Readings, features: Readings['features']): Judgement {
  const { counts, classes } = confusion(label, painted.probabilities);
  const { accuracy, perClass } = conditionalAccuracy({ counts, classes });
  const { histogram } = classStatistics(painted.probabilities);
  return {
    samples: label.length,
    accuracy,
    perClass: perClass.map((each) => each.accuracy),
    confusion: counts,
    recognised: histogram,
    entropy: labelEntropy(histogram),
    frechet: frechetDistance(painted.features, features),
  };
}
