import { ConfigError } from './errors.ts';
import { requireInteger, requireNumber } from './option-checks.ts';
import * as tf from './tf.js';
import { threefry2x32 } from './threefry.ts';

/** Children by number and by label are drawn from counters that differ in the second word; plain numbers have 0. */
const childByNumber = 1;
const childByLabel = 2;

const twoToMinus24 = 2 ** -24;

/**
 * A key of a counter-based random generator (Threefry-2x32, 20 rounds). It is immutable: the same key always gives the
 * same numbers, and independent streams are had by naming them, so that a resumed run needs no more than the key and
 * the step: `key.child('latent').child(step).normal([128, 100])`.
 *
 * Use a key either for numbers or for children, once each: two calls on one key return the same numbers.
 */
export class RandomKey {
  /** The 64 bits of the key, as two unsigned 32-bit integers. */
  readonly words: readonly [number, number];

  private constructor(word0: number, word1: number) {
    this.words = [word0 >>> 0, word1 >>> 0];
  }

  /**
   * @param seed An integer from 0 to 2^53 - 1.
   * @throws ConfigError for any other seed.
   */
  static fromSeed(seed: number): RandomKey {
    requireInteger('seed', seed, { min: 0 });
    return new RandomKey(Math.floor(seed / 2 ** 32), seed % 2 ** 32);
  }

  /** The key with the given `words`, as stored in a checkpoint. Each is an integer from 0 to 2^32 - 1. */
  static fromWords(words: readonly [number, number]): RandomKey {
    for (const word of words) requireInteger('A key word', word, { min: 0, max: 2 ** 32 - 1 });
    return new RandomKey(words[0], words[1]);
  }

  /**
   * An independent key: the same for the same label, unrelated to any other child's and to this key's own numbers.
   *
   * @param label A name, or an integer from 0 to 2^32 - 1 such as a step. `child('1')` and `child(1)` differ.
   */
  child(label: string | number): RandomKey {
    const words = new Uint32Array(2);
    const counter =
      typeof label === 'string'
        ? { first: fnv1a32(label), second: childByLabel, count: 1 }
        : {
            first: requireInteger('A child number', label, { min: 0, max: 2 ** 32 - 1 }),
            second: childByNumber,
            count: 1,
          };
    threefry2x32(this.words, counter, words);
    return new RandomKey(words[0]!, words[1]!);
  }

  /** `count` integers, uniform from 0 to 2^32 - 1. */
  bits(count: number): Uint32Array {
    const half = Math.ceil(requireCount(count) / 2);
    const out = new Uint32Array(count);
    threefry2x32(this.words, { first: 0, second: 0, count: half }, out, 0, half);
    return out;
  }

  /** `count` float32 numbers, uniform in [min, max), multiples of (max - min) / 2^24; rounding may reach `max` where min isn't 0. */
  uniformArray(count: number, min = 0, max = 1): Float32Array {
    requireUniform(min, max);
    const bits = this.bits(count);
    const out = new Float32Array(count);
    const low = Math.fround(min);
    const width = Math.fround(max - min);
    for (let i = 0; i < count; i++) out[i] = low + Math.fround(width * ((bits[i]! >>> 8) * twoToMinus24));
    return out;
  }

  /** `count` float32 numbers, normal (Box and Muller 1958); at most 5.77 standard deviations from the mean. */
  normalArray(count: number, mean = 0, std = 1): Float32Array {
    requireNormal(mean, std);
    const half = Math.ceil(requireCount(count) / 2);
    const words = new Uint32Array(2 * half);
    threefry2x32(this.words, { first: 0, second: 0, count: half }, words);
    const out = new Float32Array(count);
    for (let i = 0; i < half; i++) {
      // The first is shifted into (0, 1], whose logarithm is finite.
      const radius = Math.sqrt(-2 * Math.log(((words[i]! >>> 8) + 1) * twoToMinus24));
      const angle = 2 * Math.PI * ((words[half + i]! >>> 8) * twoToMinus24);
      out[i] = mean + std * radius * Math.cos(angle);
      if (half + i < count) out[half + i] = mean + std * radius * Math.sin(angle);
    }
    return out;
  }

  /** `count` integers, uniform from `min` to `max`, both inclusive; their difference is below 2^32. */
  integers(count: number, min: number, max: number): Float64Array {
    requireInteger('min', min);
    requireInteger('max', max, { min, max: min + 2 ** 32 - 1 });
    const draws = this.#fractions(requireCount(count));
    return draws.map((fraction) => min + Math.floor(fraction * (max - min + 1)));
  }

  /** The numbers from 0 to count - 1 in random order (Fisher-Yates; Durstenfeld 1964). */
  permutation(count: number): Uint32Array {
    const order = Uint32Array.from({ length: requireCount(count) }, (_, index) => index);
    const fractions = this.#fractions(count);
    for (let last = count - 1; last > 0; last--) {
      const chosen = Math.floor(fractions[last]! * (last + 1));
      const kept = order[last]!;
      order[last] = order[chosen]!;
      order[chosen] = kept;
    }
    return order;
  }

  /**
   * A float32 tensor of numbers uniform in [min, max), as `uniformArray` has them; made by one kernel on backends that
   * have `ThreefryUniform`.
   */
  uniform<R extends tf.Rank = tf.Rank>(shape: readonly number[], min = 0, max = 1): tf.Tensor<R> {
    requireUniform(min, max);
    return this.#fill('ThreefryUniform', shape, { min, max }, (count) => this.uniformArray(count, min, max));
  }

  /**
   * A float32 tensor of normal numbers, as `normalArray` has them (to float32 rounding of sine, cosine and logarithm);
   * made by one kernel on backends that have `ThreefryNormal`.
   */
  normal<R extends tf.Rank = tf.Rank>(shape: readonly number[], mean = 0, std = 1): tf.Tensor<R> {
    requireNormal(mean, std);
    return this.#fill('ThreefryNormal', shape, { mean, std }, (count) => this.normalArray(count, mean, std));
  }

  #fill<R extends tf.Rank>(
    kernel: string,
    shape: readonly number[],
    parameters: Record<string, number>,
    onHost: (count: number) => Float32Array,
  ): tf.Tensor<R> {
    if (tf.getKernel(kernel, tf.getBackend()) === undefined) {
      return tf.tensor(onHost(tf.util.sizeFromShape([...shape])), [...shape] as tf.ShapeMap[R], 'float32');
    }
    const attrs = { shape: [...shape], key0: this.words[0], key1: this.words[1], ...parameters };
    return tf.engine().runKernel(kernel, {}, attrs) as tf.Tensor<R>;
  }

  /** Doubles uniform in [0, 1), with 53 random bits each. */
  #fractions(count: number): Float64Array {
    const words = new Uint32Array(2 * count);
    threefry2x32(this.words, { first: 0, second: 0, count }, words);
    const out = new Float64Array(count);
    for (let i = 0; i < count; i++) out[i] = ((words[i]! >>> 5) * 2 ** 26 + (words[count + i]! >>> 6)) * 2 ** -53;
    return out;
  }
}

function requireCount(count: number): number {
  return requireInteger('count', count, { min: 0, max: 2 ** 32 - 1 });
}

function requireUniform(min: number, max: number): void {
  requireNumber('min', min);
  requireNumber('max', max);
  if (max < min) throw new ConfigError({ field: 'max', value: max, expected: `at least min (${min})` });
}

function requireNormal(mean: number, std: number): void {
  requireNumber('mean', mean);
  requireNumber('std', std, { min: 0 });
}

/** FNV-1a, 32 bits, of the UTF-8 form (Fowler, Noll, Vo). */
function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
