import { tf } from '@lab/core';
import type { PixelRange } from '@lab/mnist-data';

/** Pictures in [0, 1] on the host; what noise takes out of it is cut off. Disposes of the tensor. */
export async function hostPictures(
  pictures: tf.Tensor4D,
  range: PixelRange,
): Promise<{ data: Float32Array; shape: number[] }> {
  const inUnit = tf.tidy(() => {
    const shifted = range === 'signed' ? tf.div(tf.add(pictures, 1), 2) : pictures;
    return tf.clipByValue(shifted, 0, 1);
  });
  const host = { data: (await inUnit.data<'float32'>()).slice(), shape: [...inUnit.shape] };
  tf.dispose([inUnit, pictures]);
  return host;
}
