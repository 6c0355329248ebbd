import canonical from './canonical-files.json' with { type: 'json' };
import { DataFormatError } from './data-format-error.ts';
import { encodeIdx, parseIdx } from './idx.ts';
import { decodeInk, encodeInk } from './ink-codec.ts';
import { pairImagesWithLabels, type Dataset, type LabelledImages } from './labelled-images.ts';

/** One half of MNIST as this package stores it: `deflate(labels ++ encodeInk(pixels))`. */
export type PackedPart = (typeof canonical)[keyof typeof canonical];

/** Both halves, and the canonical files they stand for. */
export const packedParts: { readonly train: PackedPart; readonly test: PackedPart } = canonical;

/** Joins the two halves. */
export function mnistDataset(train: LabelledImages, test: LabelledImages): Dataset {
  return { name: 'mnist', train, test, classes: 10 };
}

/** What a half inflates to can't be longer: a label, a run and a value for each pixel would be the worst case. */
export function mostInflatedBytes({ count, rows, cols }: PackedPart): number {
  return count + 2 * count * rows * cols;
}

/** The bytes to deflate, from the two canonical IDX files. */
export function packPart(imagesFile: Uint8Array, labelsFile: Uint8Array, { images, labels }: PackedPart): Uint8Array {
  const sources = { images: images.file, labels: labels.file };
  const part = pairImagesWithLabels(
    parseIdx(imagesFile, sources.images),
    parseIdx(labelsFile, sources.labels),
    sources,
  );
  const ink = encodeInk(part.images, part.cols);
  const bytes = new Uint8Array(part.count + ink.length);
  bytes.set(part.labels);
  bytes.set(ink, part.count);
  return bytes;
}

/**
 * The inverse of {@link packPart}, on inflated bytes. Rebuilds the canonical IDX files and holds them against their sha256
 * (where the platform has Web Crypto: everywhere but on pages that are neither https nor localhost).
 *
 * @throws DataFormatError if the bytes are not this half of MNIST
 */
export async function unpackPart(bytes: Uint8Array, part: PackedPart, source: string): Promise<LabelledImages> {
  const { count, cols } = part;
  if (bytes.length < count) throw new DataFormatError(`truncated: fewer bytes than ${count} labels`, { source });
  const labelsFile = encodeIdx({ shape: [count], data: bytes.subarray(0, count) });
  const imagesFile = emptyImagesFile(part);
  const images = parseIdx(imagesFile, source);
  decodeInk(bytes.subarray(count), images.data as Uint8Array, cols, source);
  await Promise.all([requireSha256(imagesFile, part.images, source), requireSha256(labelsFile, part.labels, source)]);
  return pairImagesWithLabels(images, parseIdx(labelsFile, source), { images: source, labels: source });
}

function emptyImagesFile({ count, rows, cols, images }: PackedPart): Uint8Array<ArrayBuffer> {
  const header = encodeIdx({ shape: [0, rows, cols], data: new Uint8Array(0) });
  const file = new Uint8Array(images.bytes);
  file.set(header);
  new DataView(file.buffer).setUint32(4, count);
  return file;
}

async function requireSha256(
  file: Uint8Array<ArrayBuffer>,
  expected: PackedPart['images'],
  source: string,
): Promise<void> {
  // Types say it is always there; pages outside a secure context don't have it.
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (!subtle) return;
  const digest = Array.from(new Uint8Array(await subtle.digest('SHA-256', file)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  if (digest === expected.sha256) return;
  const problem = `is damaged: ${expected.file} comes out with sha256 ${digest}, not ${expected.sha256}`;
  throw new DataFormatError(problem, { source });
}
