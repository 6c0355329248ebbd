import fc from 'fast-check';
import type { NumericType } from '../../src/tensor-data.ts';
import type { Values } from './evaluate.ts';

/** Numbers in [0, 1), the same for the same seed: fast-check chooses seeds, so that large tensors cost it nothing. */
export function randomStream(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TINY = 2 ** -149;
const edges = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  TINY,
  -TINY,
  1e-40,
  -1e-40,
  2 ** -126,
  1,
  -1,
  0.5,
  -0.5,
  2.5,
  -2.5,
  1e9,
];
const extremes = [3.4028234663852886e38, -3.4028234663852886e38, 1e30, -1e30, 1e-30, 88.7, -88.7, 103, -103.9];

/** What numbers a float32 tensor holds. */
export type Content =
  /** Around [-4, 4]. */
  | 'plain'
  /** The same with NaN, infinities, zeros of both signs and subnormals among them. */
  | 'special'
  /** Any bit pattern but NaN's many, with the special ones and the extremes. */
  | 'any';

function number(content: Content, next: () => number): number {
  const roll = next();
  if (content !== 'plain' && roll < 0.15) return edges[Math.floor(next() * edges.length)] as number;
  if (content !== 'any' || roll < 0.4) return (next() + next() - 1) * 4;
  if (roll < 0.5) return extremes[Math.floor(next() * extremes.length)] as number;
  return (next() < 0.5 ? -1 : 1) * next() * 2 ** (next() * 270 - 140);
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** A float32 tensor. */
export function floats(shape: number[], seed: number, content: Content = 'plain'): Values {
  const next = randomStream(seed);
  return { shape, dtype: 'float32', values: Float32Array.from({ length: sizeOf(shape) }, () => number(content, next)) };
}

/** An int32 tensor of numbers in [from, to). */
export function integers(shape: number[], seed: number, from = -9, to = 10): Values {
  const next = randomStream(seed);
  const values = Int32Array.from({ length: sizeOf(shape) }, () => Math.floor(from + next() * (to - from)));
  return { shape, dtype: 'int32', values };
}

export function bools(shape: number[], seed: number): Values {
  const next = randomStream(seed);
  return { shape, dtype: 'bool', values: Uint8Array.from({ length: sizeOf(shape) }, () => Number(next() < 0.5)) };
}

export function ofType(dtype: NumericType, shape: number[], seed: number, content: Content): Values {
  if (dtype === 'int32') return integers(shape, seed);
  return dtype === 'bool' ? bools(shape, seed) : floats(shape, seed, content);
}

export const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

const dimension = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.constant(1) },
  { weight: 14, arbitrary: fc.integer({ min: 2, max: 7 }) },
  { weight: 3, arbitrary: fc.integer({ min: 8, max: 70 }) },
);

/** Shapes of up to 20,000 elements; sizes of 0 and 1 are frequent. */
export function shapes(ranks: { min: number; max: number } = { min: 0, max: 6 }): fc.Arbitrary<number[]> {
  return fc
    .array(dimension, { minLength: ranks.min, maxLength: ranks.max, size: 'max' })
    .filter((shape) => sizeOf(shape) <= 20_000);
}

export const contents = fc.constantFrom<Content>('plain', 'special', 'any');

/** Mostly float32; sometimes a type that is left to the cpu kernel. */
export const types = fc.oneof(
  { weight: 8, arbitrary: fc.constant<NumericType>('float32') },
  { weight: 1, arbitrary: fc.constant<NumericType>('int32') },
  { weight: 1, arbitrary: fc.constant<NumericType>('bool') },
);

/** Two shapes that broadcast to one another, in all ways there are. */
export const broadcastPairs: fc.Arbitrary<[number[], number[]]> = shapes().chain((shape) => {
  const part = fc
    .record({
      drop: fc.oneof(fc.constant(0), fc.nat(shape.length)),
      ones: fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
      broadcast: fc.boolean(),
    })
    .map(({ drop, ones, broadcast }) =>
      broadcast ? shape.map((n, i) => (ones[i] ? 1 : n)).slice(drop) : shape.slice(),
    );
  return fc.tuple(part, part);
});
