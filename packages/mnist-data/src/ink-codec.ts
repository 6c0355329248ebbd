import { DataFormatError } from './data-format-error.ts';

// Four fifths of MNIST's pixels are background, and how bright an inked pixel is depends most on how much ink surrounds it.
// So pictures are stored as the lengths of alternating runs of background and ink, followed by the values of the inked
// pixels, sorted by how many of their eight neighbours are inked (a reader knows that from the runs). Deflate then
// meets streams that are each alike, and ends a quarter below what it makes of the plain pixels.

const longRun = 255;

/** Pictures with rows of `cols` pixels as run lengths and sorted ink values, ready for deflate. */
export function encodeInk(pixels: Uint8Array, cols: number): Uint8Array<ArrayBuffer> {
  const ink = pixels.map((pixel) => (pixel === 0 ? 0 : 1));
  const runs = encodeRuns(ink);
  const neighbours = countNeighbours(ink, cols);
  const starts = bucketStarts(neighbours);
  const bytes = new Uint8Array(runs.length + neighbours.length);
  bytes.set(runs);
  const values = bytes.subarray(runs.length);
  for (let index = 0, k = 0; index < pixels.length; index++) {
    if (ink[index] !== 0) values[starts[neighbours[k++]!]!++] = pixels[index]!;
  }
  return bytes;
}

/**
 * The inverse of {@link encodeInk}: fills `pixels`, which must be all zero.
 *
 * @throws DataFormatError if `bytes` do not describe exactly that many pixels
 */
export function decodeInk(bytes: Uint8Array, pixels: Uint8Array, cols: number, source: string): void {
  const values = bytes.subarray(decodeRuns(bytes, pixels, source));
  const neighbours = countNeighbours(pixels, cols);
  if (values.length !== neighbours.length) {
    throw new DataFormatError(`holds ${values.length} ink values for ${neighbours.length} inked pixels`, { source });
  }
  const starts = bucketStarts(neighbours);
  for (let index = 0, k = 0; index < pixels.length; index++) {
    if (pixels[index] !== 0) pixels[index] = values[starts[neighbours[k++]!]!++]!;
  }
}

function encodeRuns(ink: Uint8Array): Uint8Array {
  const runs: number[] = [];
  for (let index = 0, kind = 0; index < ink.length; kind = 1 - kind) {
    const start = index;
    while (index < ink.length && ink[index] === kind) index++;
    let length = index - start;
    for (; length >= longRun; length -= longRun) runs.push(longRun);
    runs.push(length);
  }
  return Uint8Array.from(runs);
}

/** Marks inked pixels with 1; returns how many bytes the runs took. */
function decodeRuns(bytes: Uint8Array, pixels: Uint8Array, source: string): number {
  let position = 0;
  for (let index = 0, ink = 0; index < pixels.length; ink = 1 - ink) {
    let run: number;
    do {
      if (position === bytes.length) throw new DataFormatError('breaks off within the run lengths', { source });
      run = bytes[position++]!;
      const end = index + run;
      if (ink) while (index < end) pixels[index++] = 1;
      index = end;
    } while (run === longRun);
    if (index > pixels.length) throw new DataFormatError('describes more pixels than it should', { source });
  }
  return position;
}

/** Where the values of pixels with 0 to 8 inked neighbours begin. */
function bucketStarts(neighbours: Uint8Array): Uint32Array {
  const starts = new Uint32Array(10);
  for (let k = 0; k < neighbours.length; k++) starts[neighbours[k]! + 1]!++;
  for (let k = 1; k < 10; k++) starts[k]! += starts[k - 1]!;
  return starts;
}

/**
 * For each inked pixel, in order, how many of the eight around it are inked. Neighbours are taken in memory, across the
 * borders of pictures, and the first and last row of all count as alone: it is only a hint, which both sides take alike.
 */
function countNeighbours(ink: Uint8Array, cols: number): Uint8Array {
  let inked = 0;
  for (let i = 0; i < ink.length; i++) inked += ink[i]!;
  const counts = new Uint8Array(inked);
  for (let i = 0, k = 0; i < ink.length; i++) {
    if (ink[i] === 0) continue;
    counts[k++] = i > cols && i + cols + 1 < ink.length ? inkAround(ink, i, i - cols, i + cols) : 0;
  }
  return counts;
}

function inkAround(ink: Uint8Array, i: number, above: number, below: number): number {
  const beside = ink[i - 1]! + ink[i + 1]!;
  return beside + ink[above - 1]! + ink[above]! + ink[above + 1]! + ink[below - 1]! + ink[below]! + ink[below + 1]!;
}
