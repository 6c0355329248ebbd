import { DataFormatError } from './data-format-error.ts';
import type { IdxArray } from './idx.ts';
import { pairImagesWithLabels, type Dataset, type LabelledImages, type PairSources } from './labelled-images.ts';
import { requireInteger } from './option-error.ts';

/** Four files and a way to read one. */
interface IdxDatasetParts {
  readonly name: string;
  readonly sources: { readonly train: PairSources; readonly test: PairSources };
  readonly classes: number | undefined;
  readonly read: (source: string) => Promise<IdxArray>;
}

/**
 * Reads four IDX files and sees that they belong together.
 *
 * @throws DataFormatError if pictures and labels differ in number, the two parts in size, or a label is not a class
 */
export async function datasetFrom({ name, sources, classes, read }: IdxDatasetParts): Promise<Dataset> {
  if (classes !== undefined) requireInteger('classes', classes, { min: 1, max: 256 });
  const readPart = async (part: PairSources): Promise<LabelledImages> => {
    const [images, labels] = await Promise.all([read(part.images), read(part.labels)]);
    return pairImagesWithLabels(images, labels, part);
  };
  const [train, test] = await Promise.all([readPart(sources.train), readPart(sources.test)]);
  requireSameSize(train, test, sources.test.images);
  const classCount = classes ?? largest(train.labels) + 1;
  requireLabelsBelow(classCount, train.labels, sources.train.labels);
  requireLabelsBelow(classCount, test.labels, sources.test.labels);
  return { name, train, test, classes: classCount };
}

function requireSameSize(train: LabelledImages, test: LabelledImages, source: string): void {
  if (train.rows === test.rows && train.cols === test.cols) return;
  const sizes = `${test.rows} x ${test.cols} pixels, and the training pictures ${train.rows} x ${train.cols}`;
  throw new DataFormatError(`its pictures have ${sizes}`, { source, offset: 8 });
}

function requireLabelsBelow(classes: number, labels: Uint8Array, source: string): void {
  const index = labels.findIndex((label) => label >= classes);
  if (index < 0) return;
  const problem = `label ${labels[index]} of picture ${index} is none of the ${classes} classes`;
  throw new DataFormatError(problem, { source, offset: 8 + index });
}

function largest(labels: Uint8Array): number {
  return labels.reduce((most, label) => Math.max(most, label), 0);
}
