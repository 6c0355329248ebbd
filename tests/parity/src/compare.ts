import { useBackend } from '@lab/core';
import { models } from './models.ts';
import { outcomeOf, type Outcome } from './outcome.ts';

/**
 * The largest differences allowed, each as a part of the largest number in its array. Rounding of float32 is 6e-8 and grows
 * over sums of some thousand terms; a wrong term is far above. Adam's updates are read off weights hundreds of times as
 * large.
 */
export const tolerances = { forward: 1e-5, losses: 1e-5, gradients: 2e-4, adam: 1e-4 } as const;

/** An array this much smaller than the largest is held to that: such gradients are what rounding left of a sum of zero. */
const NOTHING = 1e-2;

/** WGSL promises sines to 2^-11 and divisions to 2.5 units in the last place, and some GPUs do no better. */
const LOOSER = { webgpu: 10 } as Readonly<Record<string, number>>;

/** What is allowed on a backend. */
export const toleranceOf = (quantity: Quantity, backend: string) => tolerances[quantity] * (LOOSER[backend] ?? 1);

export type Quantity = keyof typeof tolerances;
export type Errors = Readonly<Record<Quantity, number>>;

export const quantities = Object.keys(tolerances) as Quantity[];
const references = new Map<string, Awaited<ReturnType<typeof outcomeOf>>>();

/** The oracle's outcome; makes `cpu` the current backend, if it was not asked before. */
export async function reference(name: string) {
  const known = references.get(name);
  if (known !== undefined) return known;
  await useBackend('cpu');
  const outcome = await outcomeOf(name);
  references.set(name, outcome);
  return outcome;
}

/** How far the current backend is from `expected`. */
export async function errorsOf(
  name: string,
  expected: Outcome & { weights: readonly Float32Array[] },
): Promise<Errors> {
  const actual = await outcomeOf(name, expected);
  return Object.fromEntries(
    quantities.map((quantity) => [quantity, largestError(expected[quantity], actual[quantity])]),
  ) as Errors;
}

function largestError(expected: readonly Float32Array[], actual: readonly Float32Array[]): number {
  if (expected.length === 0 || expected.length !== actual.length) return Infinity;
  const largestOfAll = Math.max(...expected.map(largest));
  return Math.max(
    ...expected.map((values, i) => {
      const { length } = actual[i]!;
      const differences = values.map((value, j) => value - actual[i]![j]!);
      if (length !== values.length || differences.some(Number.isNaN)) return Infinity;
      return largest(differences) / Math.max(largest(values), NOTHING * largestOfAll);
    }),
  );
}

const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

export const modelNames = Object.keys(models);
