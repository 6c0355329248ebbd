import { tf } from '@lab/core';
import type { Pictures } from '@lab/gan';
import type { PixelRange } from '@lab/mnist-data';

/** Pictures in [0, 1] from those of a range; what lies outside is cut off. The argument is left alone. */
export function toUnit(pictures: tf.Tensor4D, range: PixelRange): tf.Tensor4D {
  return tf.tidy(() => {
    const shifted = range === 'signed' ? tf.div(tf.add(pictures, 1), 2) : pictures;
    return tf.clipByValue(shifted, 0, 1) as tf.Tensor4D;
  });
}

/**
 * Pictures in [0, 1] on the host. Disposes of the tensor.
 *
 * @param range That of the tensor.
 */
export async function hostPictures(pictures: tf.Tensor4D, range: PixelRange = 'unit'): Promise<Pictures> {
  const inUnit = toUnit(pictures, range);
  const host = { data: (await inUnit.data<'float32'>()).slice(), shape: inUnit.shape };
  tf.dispose([inUnit, pictures]);
  return host;
}
