import { type RandomKey, tf } from '@lab/core';
import { anyClass, blockMeans, type DiffusionModel, sample, withMeans } from '@lab/diffusion';
import { peakSignalToNoise } from '@lab/metrics';
import type { Images } from '@lab/viz';
import { hostPictures } from '../run/host-pictures.ts';
import type { Judge } from '../judge/judge.ts';
import { enlarge } from './cubic.ts';
import { readAs } from '../judge/read-as.ts';
import { type Subjects, toSigned } from './subjects.ts';

/** How well small pictures were made large. */
export interface Enlarged {
  readonly method: string;
  /** Peak signal-to-noise ratio, dB. */
  readonly signalToNoise: number;
  readonly read: number;
  readonly images: Images;
}

/** Takes pictures down to 7x7, and back by interpolation and by diffusion that is held to the means. */
export async function superResolve(
  model: DiffusionModel,
  judge: Judge,
  { labels, images }: Subjects,
  { key, steps }: { readonly key: RandomKey; readonly steps: number },
): Promise<Enlarged[]> {
  const signed = tf.tidy(() => blockMeans(toSigned(images), 4));
  const small = await hostPictures(tf.clone(signed), 'signed');
  const drawn = await hostPictures(drawLarge(model, key, signed, steps), 'signed');
  signed.dispose();
  const candidates: Record<string, Images> = {
    bilinear: enlarge(small, 4, 'bilinear'),
    bicubic: enlarge(small, 4, 'bicubic'),
    diffusion: drawn,
  };
  return Promise.all(
    Object.entries(candidates).map(async ([method, found]) => ({
      method,
      signalToNoise: peakSignalToNoise(found, images),
      read: await readAs(judge, found, labels),
      images: found,
    })),
  );
}

function drawLarge(model: DiffusionModel, key: RandomKey, small: tf.Tensor4D, steps: number): tf.Tensor4D {
  const [count] = small.shape;
  return sample(model, key, anyClass(model, count), {
    steps,
    batchSize: count,
    sampler: 'ddim',
    refine: (denoise) => withMeans(denoise, small),
  });
}
