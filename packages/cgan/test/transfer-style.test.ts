import { RandomKey, tf } from '@lab/core';
import { expectNoLeak, expectTensorsClose } from '@lab/core/testing';
import { sampleFrom } from '@lab/gan';
import { describe, expect, it } from 'vitest';
import { type ConditionalGan, classByStyle, transferStyle } from '../src/index.ts';
import { onCpu } from './cpu.ts';
import { kinds } from './small-cgan.ts';

onCpu();

const key = RandomKey.fromSeed(4);

/** Two styles of each of three classes, a class after the other. */
function painted(gan: ConditionalGan) {
  const images = classByStyle(gan, { styles: 2, seed: 3 });
  const pictures = { data: images.dataSync<'float32'>().slice(), shape: images.shape };
  images.dispose();
  return pictures;
}

describe('transferStyle', () => {
  it.each(['reference', 'projection', 'auxiliary'])(
    'paints every class with each latent, and leaks nothing: %s',
    async (kind) => {
      const gan = kinds[kind]!.make();
      const images = painted(gan);
      const [height, width] = kinds[kind]!.shape;
      await expectNoLeak(async () => {
        const { latents, labels, painted: again, asClasses } = await transferStyle(gan, images, { key, steps: 2 });
        expect(asClasses.shape).toEqual([18, height, width, 1]);
        tf.tidy(() => {
          // In the column of its own class, a picture is what was found for it.
          const all = tf.reshape(tf.tensor(asClasses.data), [6, 3, -1]);
          const own = tf.stack(labels.map((label, i) => tf.slice(all, [i, label, 0], [1, 1, -1])));
          expectTensorsClose(tf.reshape(own, again.shape as number[]), tf.tensor(again.data, [...again.shape]));
          const third = new Array<number>(6).fill(2);
          const column = tf.reshape(tf.slice(all, [0, 2, 0], [6, 1, -1]), again.shape as number[]);
          expectTensorsClose(column, sampleFrom(gan, latents, { labels: third }));
        });
      });
    },
  );

  it('finds the style of pictures that the GAN itself has painted', async () => {
    const gan = kinds['reference']!.make();
    const images = painted(gan);
    const own = [0, 0, 1, 1, 2, 2];
    const search = { key, steps: 200, starts: 4, perceptual: 0, prior: 0, labels: own };
    const { labels, painted: again } = await transferStyle(gan, images, search);
    expect(labels).toEqual(own);
    expectTensorsClose(tf.tensor1d(again.data), [...images.data], { absolute: 0.1 });
  });
});
