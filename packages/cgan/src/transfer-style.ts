import { type CompleteOptions, type Completion, type Pictures, complete, nothingHidden, sampleFrom } from '@lab/gan';
import type { ConditionalGan } from './conditional-gan.ts';

/** What was made of N pictures. */
export interface StyleTransfer extends Pick<Completion, 'latents' | 'painted' | 'contextual'> {
  /** The classes of the pictures, given or found. */
  readonly labels: readonly number[];
  /** Every picture's latent with every class, `[N * classes, height, width, channels]`, a picture's classes in a row. */
  readonly asClasses: Pictures;
}

/**
 * Paints other digits in the style of a picture: the latent that gives the picture is searched for (`complete`, nothing
 * hidden), and painted again with each class. What the latent holds beside the class (slant, weight, width) goes along.
 *
 * Mirza & Osindero 2014 for the split of class and latent; the search is that of Yeh et al. 2017.
 *
 * @param images `[N, height, width, channels]`, in the range of G's output.
 * @param options Those of `complete`; `labels` are the pictures' own, and found where they are not given.
 * @throws ConfigError as `complete`.
 */
export async function transferStyle(
  gan: ConditionalGan,
  images: Pictures,
  options: CompleteOptions,
): Promise<StyleTransfer> {
  const [, height, width] = images.shape;
  const { latents, labels, painted, contextual } = await complete(
    gan,
    images,
    nothingHidden([height!, width!]),
    options,
  );
  const [count, latentDim] = latents.shape as [number, number];
  const repeated = new Float32Array(count * gan.classes * latentDim);
  for (let row = 0; row < count * gan.classes; row++) {
    const picture = Math.floor(row / gan.classes);
    repeated.set(latents.data.subarray(picture * latentDim, (picture + 1) * latentDim), row * latentDim);
  }
  const shape = [count * gan.classes, latentDim];
  const all = Array.from({ length: shape[0]! }, (_, row) => row % gan.classes);
  const tensor = sampleFrom(gan, { data: repeated, shape }, { labels: all });
  const asClasses = { data: (await tensor.data<'float32'>()).slice(), shape: tensor.shape };
  tensor.dispose();
  return { latents, labels: labels!, painted, contextual, asClasses };
}
