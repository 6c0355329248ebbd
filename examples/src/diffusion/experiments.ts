import { loadPretrained, readFeatures, type Readings } from '@lab/adversarial';
import { type RandomKey, tf } from '@lab/core';
import { denoising, type DiffusionModel, sample, type SampleOptions } from '@lab/diffusion';
import { conditionalAccuracy, confusion, frechetDistance } from '@lab/metrics';
import { type LabelledImages, orderedBatches } from '@lab/mnist-data';
import type { Images } from '@lab/viz';
import { hostPictures } from './host-pictures.ts';
import type { Setting } from './settings.ts';

/** How good some samples are. */
export interface Quality {
  /** Share that the judge reads as what was asked for. */
  readonly accuracy: number;
  /** Fréchet distance of the judge's features to those of the test set; null for too few samples. */
  readonly frechet: number | null;
  /** Calls of the network for a picture. */
  readonly passes: number;
  readonly millisecondsAPicture: number;
}

/** Everything the report shows. Pictures are in [0, 1]. */
export interface Findings {
  /** Ten rows, a digit each; the columns differ in noise. */
  readonly grid: Images;
  /** Every state on the way to one picture of each digit. */
  readonly way: readonly Images[];
  readonly overall: Quality;
  readonly samplers: Readonly<Record<string, readonly (Quality & { readonly steps: number })[]>>;
  readonly guidances: readonly (Quality & { readonly guidance: number })[];
}

const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Draws and measures; `tell` hears what is being done. */
export async function experiment(
  model: DiffusionModel,
  test: LabelledImages,
  setting: Setting,
  { key, tell }: { readonly key: RandomKey; readonly tell: (what: string) => void },
): Promise<Findings> {
  const judge = await judgeOf(test, setting.judged);
  const measure = (options: SampleOptions) => measureSamples(model, judge, setting, key.child('judged'), options);
  tell('a grid, and the way to it');
  const grid = await hostPictures(
    sample(
      model,
      key.child('grid'),
      digits.flatMap((digit) => digits.map(() => digit)),
      setting.sampling,
    ),
    setting.range,
  );
  const way = await wayTo(model, key.child('way'), setting);
  const overall = await measure(setting.sampling);

  const samplers: Record<string, (Quality & { steps: number })[]> = {};
  for (const sampler of setting.samplers) {
    tell(`steps against quality: ${sampler}`);
    samplers[sampler] = [];
    for (const steps of setting.stepCounts) {
      samplers[sampler].push({ steps, ...(await measure({ ...setting.sampling, sampler, steps })) });
    }
  }
  const guidances = [];
  for (const guidance of setting.guidances) {
    tell(`guidance ${guidance}`);
    guidances.push({ guidance, ...(await measure({ ...setting.sampling, guidance })) });
  }
  return { grid, way, overall, samplers, guidances };
}

interface Judge {
  readonly read: (pictures: Images) => ReturnType<typeof readFeatures>;
  /** Features of the test set; none if there are too few samples to compare with them. */
  readonly real: Readings['features'] | undefined;
}

/** The distance needs more samples than the judge has features. */
const leastJudged = 129;

async function judgeOf(test: LabelledImages, judged: number): Promise<Judge> {
  const network = await loadPretrained();
  const read: Judge['read'] = (pictures) => readFeatures(network, pictures as Parameters<typeof readFeatures>[1]);
  if (judged < leastJudged) return { read, real: undefined };
  const [all] = orderedBatches(test, { batchSize: test.count });
  return { read, real: (await read(all!)).features };
}

async function measureSamples(
  model: DiffusionModel,
  { read, real }: Judge,
  setting: Setting,
  key: RandomKey,
  options: SampleOptions,
): Promise<Quality> {
  const asked = Uint8Array.from({ length: setting.judged }, (_, i) => i % 10);
  const started = performance.now();
  const pictures = await hostPictures(sample(model, key, asked, options), setting.range);
  const millisecondsAPicture = (performance.now() - started) / setting.judged;
  const { features, probabilities } = await read(pictures);
  const steps = options.steps ?? 50;
  return {
    accuracy: conditionalAccuracy(confusion(asked, probabilities)).accuracy,
    frechet: real === undefined ? null : frechetDistance(features, real),
    passes: options.sampler === 'heun' ? 2 * steps - 1 : steps,
    millisecondsAPicture,
  };
}

/** At most forty states, so that the animation stays small. */
async function wayTo(model: DiffusionModel, key: RandomKey, setting: Setting): Promise<Images[]> {
  const every = Math.ceil((setting.sampling.steps ?? 50) / 40);
  const frames: Images[] = [];
  for (const { step, level, xt } of denoising(model, key, digits, setting.sampling)) {
    if (step % every === 0 || level.sigma === 0) frames.push(await hostPictures(tf.clone(xt), setting.range));
  }
  return frames;
}
