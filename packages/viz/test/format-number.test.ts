import { describe, expect, it } from 'vitest';
import { formatLogTick, formatNumber, formatPercent, formatTicks } from '../src/format-number.ts';

describe('formatNumber', () => {
  it.each([
    [60000, '60,000'],
    [-1234567, '−1,234,567'],
    [0, '0'],
    [-0, '0'],
    [0.123456, '0.1235'],
    [12345.678, '12,350'],
    [-0.5, '−0.5'],
    [1.5e-7, '1.5×10⁻⁷'],
    [1234567.8, '1.235×10⁶'],
    [1e20, '1×10²⁰'],
    [NaN, 'NaN'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
  ])('writes %s as %s', (value, text) => expect(formatNumber(value)).toBe(text));
});

describe('formatPercent', () => {
  it.each([
    [0.125, '12.5%'],
    [0.1, '10%'],
    [-0.02, '−2%'],
    [NaN, 'NaN'],
  ])('writes %s as %s', (share, text) => expect(formatPercent(share)).toBe(text));
});

describe('ticks', () => {
  it('share one form', () => {
    expect(formatTicks([0, 0.5, 1], 0.5)).toEqual(['0', '0.5', '1.0']);
    expect(formatTicks([11_000, 11_500, 12_000], 500)).toEqual(['11.0k', '11.5k', '12.0k']);
    expect(formatTicks([1e15, 2e15], 1e15)).toEqual(['1×10¹⁵', '2×10¹⁵']);
  });

  it('of a logarithmic axis are short', () => {
    expect([1e-6, 2e-5, 0.001, 0.05, 1, 50, 2e4, 1e6, 1e9].map(formatLogTick)).toEqual([
      '10⁻⁶',
      '2×10⁻⁵',
      '0.001',
      '0.05',
      '1',
      '50',
      '20k',
      '1M',
      '10⁹',
    ]);
  });
});
