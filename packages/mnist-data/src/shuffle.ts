import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { requireInteger } from './option-error.ts';

export interface ShuffleOptions {
  /** 0 to 2^53 - 1. */
  readonly seed: number;
  /**
   * Another pass in another order: 0 to 2^53 - 1.
   * @default 0
   */
  readonly epoch?: number;
}

/**
 * The numbers 0 to `count - 1` in an order that is a pure function of `count`, `seed` and `epoch`
 * (Fisher-Yates, Knuth's Algorithm 3.4.2P, over xoroshiro128+).
 *
 * @throws OptionError if an argument is out of range
 */
export function shuffledIndices(count: number, options: ShuffleOptions): Uint32Array {
  const seed = requireInteger('seed', options.seed);
  const epoch = requireInteger('epoch', options.epoch ?? 0);
  const indices = Uint32Array.from({ length: requireInteger('count', count, { max: 0xffffffff }) }, (_, k) => k);
  const generator = xoroshiro128plusFromState(generatorState(seed, epoch));
  for (let last = count - 1; last > 0; last--) {
    const chosen = uniformInt(generator, 0, last);
    const index = indices[chosen]!;
    indices[chosen] = indices[last]!;
    indices[last] = index;
  }
  return indices;
}

/** All 128 bits of the state depend on all bits of both numbers, so that neighbouring seeds and epochs are unrelated. */
function generatorState(seed: number, epoch: number): [number, number, number, number] {
  const words = [seed, seed / 2 ** 32, epoch, epoch / 2 ** 32].map((word) => word >>> 0);
  const state = (salt: number): number => words.reduce((hash, word) => mix((hash ^ word) + 0x9e3779b9), salt);
  return [state(1), state(2), state(3), state(4)];
}

/** The finaliser of MurmurHash3 (Appleby): a bijection of 32 bits in which each bit sways every other. */
function mix(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
