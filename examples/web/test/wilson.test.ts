import { expect, it } from 'vitest';
import { wilson } from '../src/page/wilson.ts';

it('is the interval of Wilson 1927', () => {
  // Newcombe 1998, table I: 81 of 263 and 0 of 20.
  const many = wilson(81, 263);
  expect([many.low, many.high].map((value) => value.toFixed(4))).toEqual(['0.2553', '0.3662']);
  const none = wilson(0, 20);
  expect(none.low).toBe(0);
  expect(none.high.toFixed(4)).toBe('0.1611');
});
