import { createHash } from 'node:crypto';
import { type Dataset, type LabelledImages, subset } from '@lab/mnist-data';
import { loadIdxDirectory, loadMnist } from '@lab/mnist-data/node';
import { ConfigError } from '@lab/core';
import type { PresetName } from '../presets.ts';
import type { DataConfig } from './config.ts';

/** Training pictures, and what a run's configuration says of them. */
export interface TrainingData {
  readonly images: LabelledImages;
  readonly config: DataConfig;
}

/**
 * The training pictures of a folder of IDX files, or of the bundled MNIST.
 *
 * @param limit The first so many; null is all.
 * @throws DataFormatError for files that are missing or damaged, ConfigError for pictures of another size than MNIST's.
 */
export async function loadTrainingData(folder: string | null, limit: number | null): Promise<TrainingData> {
  const { name, train } = folder === null ? await loadMnist() : await loadIdxDirectory(folder);
  requireSize(folder, train);
  const images = limit === null ? train : firstOf(train, limit);
  const sha256 = createHash('sha256').update(images.images).digest('hex');
  return { images, config: { name, folder, sha256, pictures: images.count } };
}

/** Of a `smoke` run: so few that every backend reads them in seconds, and enough for a Fréchet distance of 128 features. */
const smoke = { train: 1000, test: 300 };

/** The bundled MNIST, of which the preset `smoke` has the first pictures only. */
export async function loadMnistFor(preset: PresetName): Promise<Dataset> {
  const mnist = await loadMnist();
  if (preset !== 'smoke') return mnist;
  return { ...mnist, train: firstOf(mnist.train, smoke.train), test: firstOf(mnist.test, smoke.test) };
}

/** The first pictures, or all where there are no more. */
export function firstOf(images: LabelledImages, limit: number): LabelledImages {
  if (limit >= images.count) return images;
  return subset(
    images,
    Uint32Array.from({ length: limit }, (_, i) => i),
  );
}

function requireSize(folder: string | null, { rows, cols }: LabelledImages): void {
  if (rows === 28 && cols === 28) return;
  const value = `${rows} x ${cols}`;
  throw new ConfigError({
    field: `The size of the pictures in ${folder}`,
    value,
    expected: '28 x 28, as the networks',
  });
}
