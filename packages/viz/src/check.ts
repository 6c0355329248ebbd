/** Short, one-line rendering of any value for an error message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  if (typeof value === 'function') return 'a function';
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`;
  if (Array.isArray(value))
    return value.length > 8 ? `an array of ${value.length} items` : `[${value.map(show).join(', ')}]`;
  if (value !== null && typeof value === 'object')
    return `an object with the fields {${Object.keys(value).join(', ')}}`;
  return String(value);
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

export function requireInteger(field: string, value: unknown, { min, max }: Bounds): number {
  if (typeof value !== 'number') throw new TypeError(`${field} must be an integer; got ${show(value)}.`);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${field} must be an integer from ${min} to ${max}; got ${value}.`);
  }
  return value;
}

export function requireNumber(field: string, value: unknown, { min, max }: Bounds): number {
  if (typeof value !== 'number') throw new TypeError(`${field} must be a number; got ${show(value)}.`);
  if (!(value >= min && value <= max)) throw new RangeError(`${field} must lie in [${min}, ${max}]; got ${value}.`);
  return value;
}

export function requireOneOf<T extends string>(field: string, value: unknown, choices: readonly T[]): T {
  if (choices.includes(value as T)) return value as T;
  const list = choices.map((choice) => `'${choice}'`).join(', ');
  throw new RangeError(`${field} must be one of ${list}; got ${show(value)}.`);
}

export function requireString(field: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${field} must be a string; got ${show(value)}.`);
  return value;
}

/** A string that says something: not empty, not only white space. */
export function requireText(field: string, value: unknown): string {
  if (requireString(field, value).trim() === '') throw new RangeError(`${field} must not be empty; give it some text.`);
  return value as string;
}

export function requireArray<T>(field: string, value: readonly T[], of: string): readonly T[] {
  if (!Array.isArray(value)) throw new TypeError(`${field} must be an array of ${of}; got ${show(value)}.`);
  return value;
}

/** A rising pair of finite numbers. */
export function requireRange(field: string, value: readonly [number, number]): readonly [number, number] {
  const pair: readonly unknown[] = requireArray(field, value, 'two numbers, [low, high]');
  const [low, high] = pair;
  if (pair.length !== 2 || !Number.isFinite(low) || !Number.isFinite(high) || !((low as number) < (high as number))) {
    throw new RangeError(`${field} must be two finite numbers [low, high] with low < high; got ${show(value)}.`);
  }
  return value;
}

/**
 * A plain or typed array of numbers (values themselves are not looked at).
 * Accepts what has a length and numeric items, so that Float32Array and number[] are treated alike.
 */
export function requireNumbers(field: string, value: ArrayLike<number>): ArrayLike<number> {
  const typed = ArrayBuffer.isView(value) && typeof (value as ArrayLike<unknown>)[0] !== 'bigint';
  if (!(typed && !(value instanceof DataView)) && !Array.isArray(value)) {
    throw new TypeError(`${field} must be an array of numbers (number[], Float32Array, ...); got ${show(value)}.`);
  }
  const odd = Array.isArray(value) ? value.findIndex((item) => typeof item !== 'number') : -1;
  if (odd >= 0) {
    throw new TypeError(`${field}[${odd}] must be a number (NaN where there is none); got ${show(value[odd])}.`);
  }
  return value;
}

const COLOUR = /^(#[0-9a-f]{3}|#[0-9a-f]{6}|[a-z]{3,30}|(rgb|hsl|oklch|oklab|lab|lch)\([0-9a-z.,%/ +-]{1,60}\))$/i;

/** A CSS colour and nothing else: it is written into a style attribute. */
export function requireColour(field: string, value: unknown): string {
  if (COLOUR.test(requireString(field, value))) return value as string;
  throw new RangeError(
    `${field} must be a CSS colour such as '#1f5fbf', 'teal' or 'rgb(31 95 191)'; got ${show(value)}.`,
  );
}
