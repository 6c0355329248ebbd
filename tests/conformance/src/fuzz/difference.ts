import type { Trial } from './trial.ts';

/** A tensor's numbers, read. */
export interface Values {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: ArrayLike<number>;
}

/**
 * Of the largest number that an error can be measured by: 168 units in the last place of a float32. Sums of some thousand
 * terms in float32, against cpu's in float64, come to a few of these; a term that is missing or taken twice is thousands
 * of times larger.
 */
export const TOLERANCE = 1e-5;

/**
 * What is different in a result, in words, or undefined.
 *
 * @param scale the largest number that errors are measured by; 0 where there is to be no error
 */
export function difference(actual: Values, expected: Values, scale: number): string | undefined {
  const describe = ({ dtype, shape, values }: Values) => `${dtype} [${shape.join()}] of ${values.length}`;
  if (describe(actual) !== describe(expected)) return `expected ${describe(expected)}, got ${describe(actual)}`;
  for (let i = 0; i < expected.values.length; i++) {
    const [a, e] = [actual.values[i] as number, expected.values[i] as number];
    const same = a === e || (Number.isNaN(a) && Number.isNaN(e));
    if (same || Math.abs(a - e) <= TOLERANCE * scale) continue;
    return `element ${i} of ${describe(expected)}: expected ${e}, got ${a}, with ${TOLERANCE * scale} allowed`;
  }
  return undefined;
}

/** The largest finite magnitude, 1 at least: numbers smaller than all that took part in them may have lost digits. */
export function largest(tensors: readonly Values[]): number {
  let most = 1;
  for (const { values } of tensors) {
    for (let i = 0; i < values.length; i++) {
      const magnitude = Math.abs(values[i] as number);
      if (magnitude > most && magnitude < Infinity) most = magnitude;
    }
  }
  return most;
}

export function describeTrial({ name, inputs }: Trial): string {
  return `${name} (${inputs.map(({ dtype, shape }) => `${dtype} [${shape.join()}]`).join(', ')})`;
}
