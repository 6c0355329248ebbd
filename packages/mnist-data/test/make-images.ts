import type { LabelledImages } from '../src/labelled-images.ts';

/** Pictures of 2 x 3 pixels: every pixel of picture k is k (mod 256), and its label k mod `classes`. */
export function makeImages(count: number, classes = 10): LabelledImages {
  const images = Uint8Array.from({ length: count * 6 }, (_, i) => Math.floor(i / 6));
  const labels = Uint8Array.from({ length: count }, (_, k) => k % classes);
  return { images, labels, count, rows: 2, cols: 3 };
}
