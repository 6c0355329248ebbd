import { ConfigError, RandomKey, rejectUnknownOptions, requireInteger, tf } from '@lab/core';
import { drawLatents, sampleFrom } from '@lab/gan';
import type { ConditionalGan } from './conditional-gan.ts';

/** What to paint. */
export interface SampleRequest {
  /** The class of all samples, from 0 to `classes - 1`, or the class of each. */
  readonly label: number | readonly number[];
  /**
   * Samples, at least 1.
   *
   * @default 64, or one for each label of a list
   */
  readonly count?: number;
  /**
   * Decides the latents, an integer from 0: the same seed gives the same styles, whatever the label.
   *
   * @default 0
   */
  readonly seed?: number;
  /**
   * What the latents are multiplied by, above 0: less gives better and less varied samples, 1 as varied ones as in training.
   *
   * @default that of the GAN
   */
  readonly temperature?: number;
  /**
   * Latents that go through G at a time, at least 1.
   *
   * @default 500
   */
  readonly batchSize?: number;
}

/** Options of `classByStyle`. */
export interface ClassByStyleOptions {
  /**
   * Columns: latents, each shared by all classes; at least 1.
   *
   * @default 10
   */
  readonly styles?: number;
  /**
   * Decides the latents, an integer from 0.
   *
   * @default 0
   */
  readonly seed?: number;
}

/**
 * Pictures of the class that is asked for, `[count, height, width, channels]`: `sample(gan, { label: 7, count: 64, seed: 1 })`.
 * The caller disposes of them.
 *
 * @throws ConfigError for a label that the GAN has no class for, and for any other option out of its range.
 */
export function sample(gan: ConditionalGan, request: SampleRequest): tf.Tensor4D {
  rejectUnknownOptions('sample', request, ['label', 'count', 'seed', 'temperature', 'batchSize']);
  const { label, seed = 0, temperature = gan.temperature ?? 1, batchSize = 500 } = request;
  const labels = labelsOf(label, request.count);
  return tf.tidy(() => {
    const latents = drawLatents({ ...gan, temperature }, RandomKey.fromSeed(seed).child('latents'), labels.length);
    return sampleFrom(gan, latents, { labels, batchSize });
  });
}

/**
 * Every class in every style, `[classes * styles, height, width, channels]`, a row a class and a column a latent: what a
 * column has in common is style, what a row has in common is class. The caller disposes of them.
 *
 * @throws ConfigError for an option out of its range.
 */
export function classByStyle(gan: ConditionalGan, options: ClassByStyleOptions = {}): tf.Tensor4D {
  rejectUnknownOptions('classByStyle', options, ['styles', 'seed']);
  const { styles = 10, seed = 0 } = options;
  requireInteger('styles', styles, { min: 1 });
  const labels = Array.from({ length: gan.classes * styles }, (_, i) => Math.floor(i / styles));
  return tf.tidy(() => {
    const latents = drawLatents(gan, RandomKey.fromSeed(seed).child('latents'), styles);
    const rows = Array.from({ length: gan.classes }, () => latents);
    return sampleFrom(gan, tf.concat(rows, 0), { labels });
  });
}

function labelsOf(label: number | readonly number[], count: number | undefined): readonly number[] {
  if (typeof label === 'number') {
    return new Array<number>(requireInteger('count', count ?? 64, { min: 1 })).fill(label);
  }
  if (!Array.isArray(label) && !ArrayBuffer.isView(label)) {
    throw new ConfigError({
      field: 'label',
      value: label,
      expected: 'a class, or a list with the class of each sample',
    });
  }
  if (label.length === 0 || (count !== undefined && count !== label.length)) {
    const expected = `${Math.max(label.length, 1)}, one for each label of the list`;
    throw new ConfigError({ field: 'count', value: count ?? 0, expected });
  }
  return label;
}
