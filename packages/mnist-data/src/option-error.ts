/** An option or argument outside its range; the message names field, value and what was expected. */
export class OptionError extends RangeError {
  override readonly name = 'OptionError';
  readonly field: string;
  readonly value: unknown;
  readonly expected: string;

  constructor(field: string, value: unknown, expected: string) {
    super(`${field} is ${describe(value)}; expected ${expected}`);
    this.field = field;
    this.value = value;
    this.expected = expected;
  }
}

/** Returns `value` if it is a whole number in [min, max]. @throws OptionError */
export function requireInteger(
  field: string,
  value: unknown,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { readonly min?: number; readonly max?: number } = {},
): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const upper = max === Number.MAX_SAFE_INTEGER ? '2^53 - 1' : String(max);
  throw new OptionError(field, value, `a whole number from ${min} to ${upper}`);
}

/** Returns `value` if it is one of `choices`. @throws OptionError */
export function requireOneOf<T extends string>(field: string, value: unknown, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new OptionError(field, value, `one of ${choices.map((choice) => `'${choice}'`).join(', ')}`);
}

/** Returns `value` if it is true or false. @throws OptionError */
export function requireBoolean(field: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new OptionError(field, value, 'true or false');
}

function describe(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
