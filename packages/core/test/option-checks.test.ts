import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../src/errors.ts';
import {
  DivergenceError,
  editDistance,
  nearestFirst,
  rejectUnknownOptions,
  requireBoolean,
  requireInteger,
  requireNumber,
  requireOneOf,
} from '../src/index.ts';

describe('number checks', () => {
  it('return what is valid', () => {
    expect(requireInteger('steps', 3, { min: 3, max: 3 })).toBe(3);
    expect(requireNumber('rate', 0.5, { above: 0, below: 1 })).toBe(0.5);
    expect(requireNumber('rate', -1)).toBe(-1);
  });

  it.each<[string, () => unknown, string]>([
    ['NaN', () => requireNumber('rate', NaN), 'rate must be a number, not NaN.'],
    ['infinity', () => requireNumber('rate', Infinity), 'rate must be a number, not Infinity.'],
    ['a numeric string', () => requireNumber('rate', '1'), "rate must be a number, not '1'."],
    ['a fraction', () => requireInteger('steps', 1.5), 'steps must be an integer, not 1.5.'],
    [
      'undefined',
      () => requireInteger('steps', undefined, { min: 1 }),
      'steps must be an integer at least 1, not undefined.',
    ],
    [
      'too little',
      () => requireInteger('steps', 0, { min: 1, max: 9 }),
      'steps must be an integer at least 1 and at most 9, not 0.',
    ],
    [
      'the open bound',
      () => requireNumber('decay', 1, { min: 0, below: 1 }),
      'decay must be a number at least 0 and below 1, not 1.',
    ],
    ['the open lower bound', () => requireNumber('std', 0, { above: 0 }), 'std must be a number above 0, not 0.'],
    ['a list', () => requireNumber('rate', [1, 'a']), "rate must be a number, not [1, 'a']."],
    ['an object', () => requireNumber('rate', new Map()), 'rate must be a number, not an object of type Map.'],
    ['1 for true', () => requireBoolean('warmup', 1), 'warmup must be true or false, not 1.'],
  ])('refuse %s', (_, act, message) => {
    expect(act).toThrow(ConfigError);
    expect(act).toThrow(message);
  });

  it('carry field, value and what is valid', () => {
    const error = catchError(() => requireInteger('batch', -1, { min: 1 }));
    expect(error).toMatchObject({ name: 'ConfigError', field: 'batch', value: -1, expected: 'an integer at least 1' });
  });
});

describe('requireOneOf', () => {
  const losses = ['minimax', 'minimax-stable', 'non-saturating', 'logistic'] as const;

  it('returns a valid name', () => {
    expect(requireOneOf('loss', 'logistic', losses)).toBe('logistic');
  });

  it('lists the names, nearest first, and suggests a near one', () => {
    const message = "loss must be one of 'logistic', ";
    expect(() => requireOneOf('loss', 'logsitic', losses)).toThrow(message);
    expect(() => requireOneOf('loss', 'logsitic', losses)).toThrow("not 'logsitic'. Did you mean 'logistic'?");
    expect(() => requireOneOf('loss', 'MiniMax', losses)).toThrow("Did you mean 'minimax'?");
  });

  it('suggests nothing that is far off', () => {
    expect(catchError(() => requireOneOf('loss', 'wasserstein', losses)).message).not.toMatch(/Did you mean/);
    expect(catchError(() => requireOneOf('loss', '', losses)).message).not.toMatch(/Did you mean/);
    expect(catchError(() => requireOneOf('loss', 7, losses)).message).toMatch(/not 7\.$/);
  });

  it('shortens what is very long', () => {
    expect(catchError(() => requireOneOf('loss', 'x'.repeat(500), losses)).message.length).toBeLessThan(250);
  });
});

describe('rejectUnknownOptions', () => {
  it('names the nearest option', () => {
    rejectUnknownOptions('adam', { beta1: 1 }, ['beta1', 'beta2']);
    expect(() => rejectUnknownOptions('adam', { beta: 1 }, ['beta1', 'beta2'])).toThrow(
      "An option of adam must be one of 'beta1', 'beta2', not 'beta'. Did you mean 'beta1'?",
    );
  });
});

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
    ['ca', 'abc', 3],
    ['smid', 'simd', 1],
  ])('of %j and %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is symmetric, zero only for equals, and bounded by the lengths', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });

  it('orders choices stably', () => {
    expect(nearestFirst('q', ['b', 'a', 'q'])).toEqual(['q', 'b', 'a']);
  });
});

describe('DivergenceError', () => {
  it('names step and quantity', () => {
    const cause = new Error('why');
    const error = new DivergenceError({ step: 372, quantity: 'gLoss', value: NaN }, { cause });
    expect(error.message).toMatch(/^gLoss became NaN at step 372\./);
    expect(error).toMatchObject({ name: 'DivergenceError', step: 372, quantity: 'gLoss', value: NaN, cause });
  });
});

function catchError(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was thrown.');
}
