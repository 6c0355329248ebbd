import { type RandomKey, tf } from '@lab/core';
import { anyClass, type DiffusionModel, repaint, sample } from '@lab/diffusion';
import { centreMask, leftMask, masked } from '@lab/gan';
import type { Images } from '@lab/viz';
import { hostPictures } from '../run/host-pictures.ts';
import type { Judge } from '../judge/judge.ts';
import { rootMeanSquare } from './root-mean-square.ts';
import { readAs } from '../judge/read-as.ts';
import { type Subjects, toSigned } from './subjects.ts';

/** How well hidden pixels were found again. */
export interface Inpainted {
  readonly mask: MaskName;
  readonly method: string;
  /** Root of the mean squared error of the hidden pixels, in [0, 1]. */
  readonly error: number;
  /** The share that the judge reads as the digit that was there. */
  readonly read: number;
  readonly images: Images;
}

const size = [28, 28] as const;

const masks = {
  centre: centreMask(size),
  left: leftMask(size),
  lines: masked('lines', size, (y) => y % 4 !== 0),
} as const;

export type MaskName = keyof typeof masks;

/** 1 where a pixel is known, `[28 * 28]`. */
export function maskOf(name: MaskName): Float32Array {
  return masks[name].known.data;
}

/**
 * Hides a part of every picture and has it filled: by RePaint, which is not told the digit, and with what is there in the mean of all
 * training pictures.
 *
 * @param mean `[28 * 28]` in [0, 1].
 */
export async function inpaint(
  model: DiffusionModel,
  judge: Judge,
  { labels, images }: Subjects,
  mean: Float32Array,
  { key, steps, resamplings }: { readonly key: RandomKey; readonly steps: number; readonly resamplings: number },
): Promise<Inpainted[]> {
  const results: Inpainted[] = [];
  for (const mask of Object.keys(masks) as MaskName[]) {
    const known = maskOf(mask);
    const filled = { ...images, data: images.data.map((value, i) => (known[i % 784] === 1 ? value : mean[i % 784]!)) };
    const painted = await paint(model, images, known, { key: key.child(mask), steps, resamplings });
    for (const [method, found] of [
      ['mean of the training pictures', filled],
      ['RePaint', painted],
    ] as const) {
      const error = rootMeanSquare(
        found,
        images,
        known.map((one) => 1 - one),
      );
      results.push({ mask, method, error, read: await readAs(judge, found, labels), images: found });
    }
  }
  return results;
}

async function paint(
  model: DiffusionModel,
  images: Images,
  known: Float32Array,
  { key, steps, resamplings }: { readonly key: RandomKey; readonly steps: number; readonly resamplings: number },
): Promise<Images> {
  const pictures = tf.tidy(() => {
    const sampler = repaint(
      { known: toSigned(images), mask: tf.tensor4d(known, [1, 28, 28, 1]) },
      { resamplings, jump: Math.min(5, steps) },
    );
    const count = images.shape[0]!;
    return sample(model, key, anyClass(model, count), { sampler, steps, batchSize: count });
  });
  return hostPictures(pictures, 'signed');
}
