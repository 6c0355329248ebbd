import { loadPretrained, readFeatures } from '@lab/adversarial';
import { classByStyle, transferStyle } from '@lab/cgan';
import type { RandomKey } from '@lab/core';
import {
  type Gan,
  type Path,
  type Pictures,
  drawLatents,
  interpolateLatents,
  latentSheet,
  sample,
  sampleFrom,
} from '@lab/gan';
import { type LabelledImages, toFloat } from '@lab/mnist-data';
import { hostPictures } from '../run/host-pictures.ts';
import { isConditional } from '../run/networks.ts';
import { evenly } from '../score/evenly.ts';

/** The digit that sheets and paths of a GAN with classes are of. */
const sheetDigit = 3;

/** G(z), all of one class where there are classes. */
async function paint(gan: Gan, latents: Pictures, label = sheetDigit): Promise<Pictures> {
  const labels = isConditional(gan) ? { labels: new Array<number>(latents.shape[0]!).fill(label) } : {};
  return hostPictures(sampleFrom(gan, latents, labels));
}

/** A sheet of 10 x 10 between four latents. */
export async function sheet(gan: Gan, key: RandomKey): Promise<Pictures> {
  return paint(gan, latentSheet(gan, key, { rows: 10, columns: 10 }));
}

/** Ways between pairs of latents. */
export interface PathComparison {
  /** For each of a few pairs, a row along the line and below it one along the arc, of `columns` pictures. */
  readonly pictures: Pictures;
  readonly columns: number;
  /** In the middle between many pairs: the latent's length over that at the ends, and the judge's mean confidence. */
  readonly middle: Readonly<Record<Path | 'ends', { readonly length: number; readonly confidence: number }>>;
}

/** Straight lines and arcs between the same latents. */
export async function comparePaths(gan: Gan, key: RandomKey, pairs: number): Promise<PathComparison> {
  const columns = 10;
  const ends = drawPairs(gan, key, pairs);
  const rows = ends
    .slice(0, 4)
    .flatMap(([from, to]) =>
      (['linear', 'spherical'] as const).map((path) => interpolateLatents(from, to, columns, { path })),
    );
  const halfway = (path: Path) => stack(ends.map(([from, to]) => middleOf(interpolateLatents(from, to, 3, { path }))));
  const all = { linear: halfway('linear'), spherical: halfway('spherical'), ends: stack(ends.map(([from]) => from)) };
  const usual = meanLength(all.ends);
  const confidence = await confidenceJudge();
  const about = async (latents: Pictures) => ({
    length: meanLength(latents) / usual,
    confidence: await confidence(await paint(gan, latents)),
  });
  const middle = {
    linear: await about(all.linear),
    spherical: await about(all.spherical),
    ends: await about(all.ends),
  };
  return { pictures: await paint(gan, join(rows)), columns, middle };
}

function drawPairs(gan: Gan, key: RandomKey, pairs: number): [Float32Array, Float32Array][] {
  const drawn = drawLatents(gan, key, 2 * pairs);
  const data = drawn.dataSync<'float32'>().slice();
  drawn.dispose();
  const row = (i: number) => data.subarray(i * gan.latentDim, (i + 1) * gan.latentDim);
  return Array.from({ length: pairs }, (_, i) => [row(2 * i), row(2 * i + 1)]);
}

function middleOf({ data, shape }: Pictures): Float32Array {
  return data.subarray(shape[1]!, 2 * shape[1]!);
}

function meanLength({ data, shape }: Pictures): number {
  const [count, width] = shape as [number, number];
  const lengths = Array.from({ length: count }, (_, i) => Math.hypot(...data.subarray(i * width, (i + 1) * width)));
  return lengths.reduce((sum, length) => sum + length, 0) / count;
}

/** The mean of the judge's largest probability. */
async function confidenceJudge(): Promise<(pictures: Pictures) => Promise<number>> {
  const model = await loadPretrained();
  return async (pictures) => {
    const { probabilities } = await readFeatures(model, pictures);
    const [count, classes] = probabilities.shape as [number, number];
    let sum = 0;
    for (let i = 0; i < count; i++) sum += Math.max(...probabilities.data.subarray(i * classes, (i + 1) * classes));
    return sum / count;
  };
}

/** Every digit in ten styles; undefined for a GAN without classes. */
export async function digitsByStyle(gan: Gan, seed: number): Promise<Pictures | undefined> {
  return isConditional(gan) ? hostPictures(classByStyle(gan, { seed })) : undefined;
}

/** Real pictures of each digit, painted again, and in their style all digits: 12 in a row. Undefined without classes. */
export async function stylesOfReal(gan: Gan, test: LabelledImages, key: RandomKey, steps: number, perceptual: number) {
  if (!isConditional(gan)) return undefined;
  const first = Array.from({ length: gan.classes }, (_, digit) => test.labels.indexOf(digit));
  const images = { data: toFloat(test, first, 'unit'), shape: [first.length, 28, 28, 1] };
  const labels = first.map((index) => test.labels[index]!);
  const { painted, asClasses } = await transferStyle(gan, images, { key, steps, labels, perceptual });
  const one = (of: Pictures, i: number) => ({ data: of.data.subarray(i * 784, (i + 1) * 784), shape: [1, 28, 28, 1] });
  const rows = labels.flatMap((_, i) => [
    one(images, i),
    one(painted, i),
    ...labels.map((__, k) => one(asClasses, i * labels.length + k)),
  ]);
  return { pictures: join(rows), columns: 2 + labels.length };
}

/** Pairs of a real and a painted digit, in an order that the key decides. */
export interface Quiz {
  /** Two in a row. */
  readonly pictures: Pictures;
  /** On which side the real one is, pair by pair. */
  readonly answers: readonly ('left' | 'right')[];
}

export async function quiz(gan: Gan, test: LabelledImages, key: RandomKey, pairs: number): Promise<Quiz> {
  const chosen = evenly(pairs, test.count);
  const labels = chosen.map((index) => test.labels[index]!);
  const painted = await hostPictures(sample(gan, key.child('fakes'), pairs, isConditional(gan) ? { labels } : {}));
  const real = toFloat(test, chosen, 'unit');
  const answers = Array.from(key.child('sides').uniformArray(pairs), (u) => (u < 0.5 ? 'left' : 'right'));
  const data = new Float32Array(2 * pairs * 784);
  answers.forEach((side, i) => {
    const [left, right] = side === 'left' ? [real, painted.data] : [painted.data, real];
    data.set(left.subarray(i * 784, (i + 1) * 784), 2 * i * 784);
    data.set(right.subarray(i * 784, (i + 1) * 784), (2 * i + 1) * 784);
  });
  return { pictures: { data, shape: [2 * pairs, 28, 28, 1] }, answers };
}

/** Samples for the page of digits that do not exist, the classes in turn. */
export async function inventions(gan: Gan, key: RandomKey, count: number): Promise<Pictures> {
  const labels = isConditional(gan) ? { labels: Array.from({ length: count }, (_, i) => (7 * i) % gan.classes) } : {};
  return hostPictures(sample(gan, key, count, labels));
}

function stack(rows: readonly Float32Array[]): Pictures {
  return join(rows.map((row) => ({ data: row, shape: [1, row.length] })));
}

function join(parts: readonly Pictures[]): Pictures {
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { data, shape: [parts.reduce((sum, { shape }) => sum + shape[0]!, 0), ...parts[0]!.shape.slice(1)] };
}
