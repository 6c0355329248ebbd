import type { Values } from './evaluate.ts';

/** How far a result may be from the expected one. An element passes if it meets one of the two. */
export interface Tolerance {
  /** Units in the last place of a float32. @default 0 */
  readonly ulps?: number;
  /** Absolute difference, for all elements or for each. @default 0 */
  readonly absolute?: number | ArrayLike<number>;
}

const word = new Int32Array(1);
const float = new Float32Array(word.buffer);

/** Float32 numbers in order, numbered so that neighbours differ by 1; both zeros are 0, infinity follows the largest. */
function ordinal(x: number): number {
  float[0] = x;
  const bits = word[0] as number;
  return bits >= 0 ? bits : -(bits & 0x7fffffff);
}

/** How many float32 numbers lie between two, one of them included; infinite if just one is NaN. */
export function ulpsBetween(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b) ? 0 : Infinity;
  return Math.abs(ordinal(a) - ordinal(b));
}

/** Throws with the first element that differs by more than the tolerance, and with shapes and types that differ. */
export function expectClose(actual: Values, expected: Values, { ulps = 0, absolute = 0 }: Tolerance = {}): void {
  const described = (v: Values) => `${v.dtype} [${v.shape.join()}] of ${v.values.length}`;
  if (described(actual) !== described(expected)) {
    throw new Error(`expected ${described(expected)}, got ${described(actual)}`);
  }
  for (let i = 0; i < expected.values.length; i++) {
    const [a, e] = [actual.values[i] as number, expected.values[i] as number];
    const allowed = typeof absolute === 'number' ? absolute : (absolute[i] as number);
    if (Object.is(a, e) || ulpsBetween(a, e) <= ulps || Math.abs(a - e) <= allowed) continue;
    const off = `${ulpsBetween(a, e)} ulp (${ulps} allowed), ${Math.abs(a - e)} (${allowed} allowed)`;
    throw new Error(`element ${i} of ${described(expected)}: expected ${e}, got ${a}; off by ${off}`);
  }
}
