import { editDistance, nearestFirst } from './edit-distance.ts';
import { ConfigError } from './errors.ts';

/** Which numbers are valid. Bounds are inclusive unless they are named otherwise. */
export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  /** Excludes this value and all below it. */
  readonly above?: number;
  /** Excludes this value and all above it. */
  readonly below?: number;
}

/** @throws ConfigError unless `value` is a finite number in the range. */
export function requireNumber(field: string, value: unknown, range: NumberRange = {}): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || !isWithin(value, range)) {
    throw new ConfigError({ field, value, expected: `a number${describeRange(range)}` });
  }
  return value;
}

/** @throws ConfigError unless `value` is an integer (exact in a double) in the range. */
export function requireInteger(field: string, value: unknown, range: NumberRange = {}): number {
  if (!Number.isSafeInteger(value) || !isWithin(value as number, range)) {
    throw new ConfigError({ field, value, expected: `an integer${describeRange(range)}` });
  }
  return value as number;
}

/** @throws ConfigError unless `value` is true or false. */
export function requireBoolean(field: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new ConfigError({ field, value, expected: 'true or false' });
  return value;
}

/**
 * One of several names. The error lists all of them, the nearest to what was typed first, and asks whether the
 * first was meant if it is near enough.
 *
 * @throws ConfigError unless `value` is one of `choices`.
 */
export function requireOneOf<const Choice extends string>(
  field: string,
  value: unknown,
  choices: readonly Choice[],
): Choice {
  if (choices.includes(value as Choice)) return value as Choice;
  const typed = typeof value === 'string' ? value : '';
  const ordered = nearestFirst(typed, choices);
  const nearest = ordered[0];
  const isNear = nearest !== undefined && typed !== '' && isLikelyTypo(typed, nearest);
  const expected = `one of ${ordered.map((choice) => `'${choice}'`).join(', ')}`;
  throw new ConfigError({ field, value, expected, ...(isNear && { hint: `Did you mean '${nearest}'?` }) });
}

/**
 * Options that nobody reads are usually misspelt ones.
 *
 * @throws ConfigError if `options` has a key that isn't among `known`.
 */
export function rejectUnknownOptions(owner: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) requireOneOf(`An option of ${owner}`, key, known);
  }
}

function isLikelyTypo(typed: string, choice: string): boolean {
  return editDistance(typed.toLowerCase(), choice.toLowerCase()) <= Math.max(1, Math.floor(choice.length / 3));
}

function isWithin(value: number, { min, max, above, below }: NumberRange): boolean {
  return value >= (min ?? -Infinity) && value <= (max ?? Infinity) && !(value <= above!) && !(value >= below!);
}

function describeRange({ min, max, above, below }: NumberRange): string {
  const lower = above !== undefined ? `above ${above}` : min !== undefined ? `at least ${min}` : '';
  const upper = below !== undefined ? `below ${below}` : max !== undefined ? `at most ${max}` : '';
  const both = [lower, upper].filter((part) => part !== '').join(' and ');
  return both === '' ? '' : ` ${both}`;
}
