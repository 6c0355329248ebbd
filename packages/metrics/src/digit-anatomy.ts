import { ConfigError } from '@lab/core';
import { requireGrey } from './pictures.ts';
import { requireLabels } from './probabilities.ts';
import { requireRows, type Rows } from './rows.ts';
import { countParts } from './count-parts.ts';

/** Pictures of one class, and how many of them are built as the digit has to be. */
export interface AnatomyCounts {
  readonly label: number;
  readonly count: number;
  /** Made of one stroke. */
  readonly oneStroke: number;
  /** With a number of holes that the digit may have. */
  readonly legalHoles: number;
  readonly both: number;
}

/** The anatomy of each class, `[10]`: plain counts, which add up over shards. */
export type Anatomy = readonly AnatomyCounts[];

/** Shares, from 0 to 1. NaN where there are no pictures. */
export interface AnatomyRates {
  readonly oneStroke: number;
  readonly legalHoles: number;
  readonly both: number;
}

/** The fewest and the most holes of each digit: a 4 may be closed, a 2 may have a loop. */
const legalHoles = [
  [1, 1],
  [0, 0],
  [0, 1],
  [0, 0],
  [0, 1],
  [0, 0],
  [1, 1],
  [0, 0],
  [2, 2],
  [1, 1],
] as const;

/** Smaller parts are specks, not strokes. In pixels. */
const smallestStroke = 3;

/**
 * The strokes and holes of one picture: ink above .5, joined over its eight neighbours, parts of fewer than 3 pixels
 * dropped; holes are parts of the ground, joined over four neighbours, that don't reach the border.
 *
 * @param pixels `height * width` numbers in [0, 1], row-major.
 */
export function strokesAndHoles(
  pixels: Float32Array,
  height: number,
  width: number,
): { readonly strokes: number; readonly holes: number } {
  const ink = Uint8Array.from(pixels, (value) => (value > 0.5 ? 1 : 0));
  const strokes = countParts(ink, { height, width, value: 1, diagonal: true, smallest: smallestStroke, border: true });
  const holes = countParts(ink, { height, width, value: 0, diagonal: false, smallest: 1, border: false });
  return { strokes, holes };
}

/**
 * Whether digits are built as digits are: of one stroke, and with a legal number of holes (0, 6, 9: one; 8: two; 2, 4: none or
 * one; the others none). A generator that is right locally and wrong globally fails here, as with hands of six fingers.
 * Real handwriting fails too, one in seven: read the gap to real pictures (`anatomyGap`), per class, never the rate.
 *
 * @param images `[N, H, W]` or `[N, H, W, 1]`, in [0, 1].
 * @param labels The digit that each is, or is taken for, `[N]`.
 * @throws ConfigError for other shapes, NaN, or labels that aren't digits.
 */
export function digitAnatomy(images: Rows, labels: ArrayLike<number>): Anatomy {
  const { data, count, size } = requireRows('images', images);
  const [height, width] = requireGrey('images', images);
  requireLabels('labels', labels, count, legalHoles.length);
  const found = legalHoles.map((_, label) => ({ label, count: 0, oneStroke: 0, legalHoles: 0, both: 0 }));
  for (let i = 0; i < count; i++) {
    const { strokes, holes } = strokesAndHoles(data.subarray(i * size, (i + 1) * size), height, width);
    const [fewest, most] = legalHoles[labels[i]!]!;
    const [whole, legal] = [strokes === 1, holes >= fewest && holes <= most];
    const counts = found[labels[i]!]!;
    counts.count++;
    if (whole) counts.oneStroke++;
    if (legal) counts.legalHoles++;
    if (whole && legal) counts.both++;
  }
  return found;
}

/** @throws ConfigError if there is no part. */
export function mergeAnatomies(parts: readonly Anatomy[]): Anatomy {
  if (parts.length === 0) throw new ConfigError({ field: 'parts', value: parts, expected: 'one or more anatomies' });
  return parts.reduce((a, b) =>
    a.map((one, label) => ({
      label,
      count: one.count + b[label]!.count,
      oneStroke: one.oneStroke + b[label]!.oneStroke,
      legalHoles: one.legalHoles + b[label]!.legalHoles,
      both: one.both + b[label]!.both,
    })),
  );
}

/** The shares over one class or several, such as all: `anatomyRates(anatomy)`. */
export function anatomyRates(anatomy: Anatomy): AnatomyRates {
  const total = (field: keyof AnatomyCounts) => anatomy.reduce((sum, counts) => sum + counts[field], 0);
  const count = total('count');
  return {
    oneStroke: total('oneStroke') / count,
    legalHoles: total('legalHoles') / count,
    both: total('both') / count,
  };
}

/**
 * How much less often the samples are well built than real pictures of the same classes: the mean over the samples of
 * their class's real rate, less their own rate. 0 for real pictures, whatever their classes; below it for neater ones.
 *
 * @param real The anatomy of real pictures.
 * @throws ConfigError if `real` lacks a class that the samples have.
 */
export function anatomyGap(samples: Anatomy, real: Anatomy): AnatomyRates {
  const present = samples.filter(({ count }) => count > 0);
  const lacking = present.find(({ label }) => real[label]!.count === 0);
  if (lacking !== undefined) {
    throw new ConfigError({ field: `The real pictures of class ${lacking.label}`, value: 0, expected: 'one or more' });
  }
  const count = present.reduce((sum, each) => sum + each.count, 0);
  const gap = (field: keyof AnatomyRates) =>
    present.reduce((sum, each) => {
      const expected = (each.count * real[each.label]![field]) / real[each.label]!.count;
      return sum + expected - each[field];
    }, 0) / count;
  return { oneStroke: gap('oneStroke'), legalHoles: gap('legalHoles'), both: gap('both') };
}
