import { subset, type LabelledImages } from './labelled-images.ts';
import { OptionError, requireInteger } from './option-error.ts';
import { shuffledIndices } from './shuffle.ts';

export interface RareClassOptions {
  /** The class to make rare. */
  readonly label: number;
  /** How many pictures of it stay. */
  readonly keep: number;
  /** Chooses which ones stay: 0 to 2^53 - 1. */
  readonly seed: number;
}

/**
 * Only the pictures of the given classes, in their former order, with the labels they had.
 *
 * @throws OptionError if `classes` is empty or holds anything but whole numbers from 0 to 255
 */
export function filterClasses(images: LabelledImages, classes: readonly number[]): LabelledImages {
  if (classes.length === 0) throw new OptionError('classes', '[]', 'at least one class');
  const wanted = new Set(classes.map((label, k) => requireInteger(`classes[${k}]`, label, { max: 255 })));
  return subset(
    images,
    indicesWhere(images.labels, (label) => wanted.has(label)),
  );
}

/**
 * All pictures but most of one class: `keep` of them, chosen by `seed`, stay. Order and labels are as before, and the
 * pictures kept for a smaller `keep` are among those kept for a larger one.
 *
 * @throws OptionError if there are fewer than `keep` pictures of the class, or none
 */
export function withRareClass(images: LabelledImages, options: RareClassOptions): LabelledImages {
  const label = requireInteger('label', options.label, { max: 255 });
  const members = indicesWhere(images.labels, (other) => other === label);
  if (members.length === 0) throw new OptionError('label', label, 'a class of which there are pictures');
  const keep = requireInteger('keep', options.keep, { max: members.length });
  const order = shuffledIndices(members.length, { seed: options.seed });
  const kept = new Set(Array.from(order.subarray(0, keep), (k) => members[k]));
  return subset(
    images,
    indicesWhere(images.labels, (other, index) => other !== label || kept.has(index)),
  );
}

/**
 * How many pictures there are of each class, `[classes]`.
 *
 * @throws OptionError if a label is not below `classes`
 */
export function classCounts(labels: Uint8Array, classes = 10): Uint32Array {
  const counts = new Uint32Array(requireInteger('classes', classes, { min: 1, max: 256 }));
  labels.forEach((label, k) => {
    requireInteger(`labels[${k}]`, label, { max: classes - 1 });
    counts[label]!++;
  });
  return counts;
}

function indicesWhere(labels: Uint8Array, test: (label: number, index: number) => boolean): number[] {
  const indices: number[] = [];
  labels.forEach((label, index) => {
    if (test(label, index)) indices.push(index);
  });
  return indices;
}
