import { tf } from '@lab/core';
import { decode, encode, type LatentModel } from '@lab/diffusion';
import type { Images } from '@lab/viz';
import { hostPictures } from '../run/host-pictures.ts';

/** Pictures in [0, 1], made small and large again: what is lost before any diffusion. */
export async function reconstruct(model: LatentModel, { data, shape }: Images): Promise<Images> {
  const again = tf.tidy(() => {
    const signed = Float32Array.from(data, (value) => 2 * value - 1);
    return decode(model, encode(model, tf.tensor4d(signed, [...shape] as [number, number, number, number])));
  });
  return hostPictures(again, 'signed');
}
