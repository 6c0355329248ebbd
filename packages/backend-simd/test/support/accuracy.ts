import * as tf from '@tensorflow/tfjs-core';
import type { SimdBackend } from '../../src/backend.ts';
import { threefryBits } from './threefry.ts';
import { evaluate } from './evaluate.ts';

/** A function of one number with its error bound, in units in the last place of a float32. */
export interface Claim {
  readonly exact: (x: number) => number;
  /** Largest error, as the README states it. */
  readonly bound: number;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

export const claims: Readonly<Record<string, Claim>> = {
  [tf.Exp]: { exact: Math.exp, bound: 1 },
  [tf.Log]: { exact: Math.log, bound: 2 },
  [tf.Sigmoid]: { exact: logistic, bound: 2.5 },
  [tf.Tanh]: { exact: Math.tanh, bound: 1.5 },
  [tf.Softplus]: { exact: softplus, bound: 2.75 },
  [tf.Elu]: { exact: (x) => (x < 0 ? Math.expm1(x) : x), bound: 1.5 },
  [tf.Expm1]: { exact: Math.expm1, bound: 1.5 },
  [tf.Log1p]: { exact: Math.log1p, bound: 2.5 },
};

/** Floats of every magnitude and sign, subnormals included: every 4099th bit pattern. */
export function everyMagnitude(): Float32Array {
  const step = 4099;
  const bits = Uint32Array.from({ length: Math.floor(2 ** 32 / step) }, (_, i) => i * step);
  return new Float32Array(bits.buffer).filter((x) => !Number.isNaN(x));
}

/** Evenly spaced numbers, where the functions have their shapes. */
export function evenly(from: number, to: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}

/** The distance from one float32 number to the next at x. */
export function spacing(x: number): number {
  const magnitude = Math.abs(x);
  return magnitude < 2 ** -126 ? 2 ** -149 : 2 ** (Math.floor(Math.log2(magnitude)) - 23);
}

export interface Worst {
  readonly ulps: number;
  readonly at: number;
  readonly got: number;
}

function errorInUlps(got: number, exact: number): number {
  if (Object.is(got, exact) || got === exact) return 0;
  // Rounded to float32, an exact value may be infinite: then so must the result be, or next to it.
  if (!Number.isFinite(Math.fround(exact))) return got === Math.fround(exact) ? 0 : Infinity;
  const error = Math.abs(got - exact) / spacing(exact);
  return Number.isNaN(error) ? Infinity : error;
}

/** The largest error over these arguments. */
export function worstError(simd: SimdBackend, name: string, { exact }: Claim, x: Float32Array): Worst {
  const [y] = evaluate(simd, name, { inputs: { x: { shape: [x.length], dtype: 'float32', values: x } }, attrs: {} });
  let worst: Worst = { ulps: 0, at: 0, got: 0 };
  x.forEach((at, i) => {
    const got = y?.values[i] as number;
    const ulps = errorInUlps(got, exact(at));
    if (ulps > worst.ulps) worst = { ulps, at, got };
  });
  return worst;
}

/** The largest error of `count` standard normal numbers, in ulp and absolute. */
export function worstNormal(simd: SimdBackend, count: number): { ulps: number; absolute: number } {
  const [z] = evaluate(simd, 'ThreefryNormal', {
    inputs: {},
    attrs: { shape: [count], key0: 7, key1: 9, mean: 0, std: 1 },
  });
  const bits = threefryBits([7, 9], count);
  const half = count / 2;
  let [ulps, absolute] = [0, 0];
  for (let i = 0; i < count; i++) {
    const radius = Math.sqrt(-2 * Math.log(((bits[i % half]! >>> 8) + 1) * 2 ** -24));
    const angle = 2 * Math.PI * ((bits[half + (i % half)]! >>> 8) * 2 ** -24);
    const exact = radius * (i < half ? Math.cos(angle) : Math.sin(angle));
    const got = z?.values[i] as number;
    absolute = Math.max(absolute, Math.abs(got - exact));
    // cos and sin of Math have lost digits themselves next to their zeros.
    if (Math.abs(exact) > 1e-6) ulps = Math.max(ulps, errorInUlps(got, exact));
  }
  return { ulps, absolute };
}
