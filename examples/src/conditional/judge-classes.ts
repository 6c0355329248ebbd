import { loadPretrained, readFeatures, type Readings } from '@lab/adversarial';
import { type ConditionalGan, sample } from '@lab/cgan';
import { conditionalAccuracy, confusion, frechetDistance, labelEntropy } from '@lab/metrics';
import { orderedBatches } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/node';

/** What the pretrained classifier makes of a generator's samples. */
export interface Judgement {
  readonly samples: number;
  /** The share of samples that are read as the class they were asked to be. */
  readonly accuracy: number;
  readonly perClass: readonly number[];
  /** `[classes, classes]`, row-major: asked, then recognised. */
  readonly confusion: readonly number[];
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
    const pictures = { data: (await images.data<'float32'>()).slice(), shape: images.shape };
    images.dispose();
    return judgement(label, await readFeatures(model, pictures), features);
  };
}

function judgement(label: readonly number[], painted: Readings, features: Readings['features']): Judgement {
  const { counts, classes } = confusion(label, painted.probabilities);
  const { accuracy, perClass } = conditionalAccuracy({ counts, classes });
  const recognised = Array.from({ length: classes }, (_, i) =>
    counts.reduce((sum, n, at) => sum + (at % classes === i ? n : 0), 0),
  );
  return {
    samples: label.length,
    accuracy,
    perClass: perClass.map((each) => each.accuracy),
    confusion: counts,
    entropy: labelEntropy(recognised),
    frechet: frechetDistance(painted.features, features),
  };
}
