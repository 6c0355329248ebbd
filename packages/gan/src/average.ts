import { Ema, type EmaOptions, type tf } from '@lab/core';
import type { Gan } from './gan.ts';

/**
 * A moving average of all of G's weights, for the option `gAverage` of training. Samples of the average are steadier than
 * those of G itself, which circles around where it would go.
 *
 * Yazıcı et al. 2019, "The Unusual Effectiveness of Averaging in GAN Training", section 3.1; Karras et al. 2018.
 *
 * @throws ConfigError for an option out of its range.
 */
export function generatorAverage(gan: Pick<Gan, 'generator'>, options: EmaOptions = {}): Ema {
  return new Ema(generatorWeights(gan), options);
}

/** Takes G as it is now into the average. */
export function updateAverage(gan: Pick<Gan, 'generator'>, average: Ema): void {
  average.update(generatorWeights(gan));
}

/**
 * What `run` returns while G has the average's weights: `withAverage(gan, average, () => sample(gan, key, 16))`. G has
 * its own back afterwards; where `run` returns a promise, once that is settled, and until then G must not be trained.
 */
export function withAverage<T>(gan: Pick<Gan, 'generator'>, average: Ema, run: () => T): T {
  const weights = generatorWeights(gan);
  const exchange = () => {
    average.swap(weights);
  };
  exchange();
  let result: T | undefined;
  try {
    result = run();
  } finally {
    if (!(result instanceof Promise)) exchange();
  }
  return result instanceof Promise ? (result.finally(exchange) as T) : result;
}

/** Those that training changes, and the moving statistics that belong to them. */
function generatorWeights({ generator }: Pick<Gan, 'generator'>): tf.Variable[] {
  return generator.weights.map((weight) => weight.read() as tf.Variable);
}
