import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binSeries, type LineSeries } from '../src/index.ts';

const series = (y: readonly number[]): LineSeries => ({ name: 'loss', x: y.map((_, i) => 10 * i), y, colour: 'teal' });

describe('binSeries', () => {
  it('gives the median of each bin, and quantiles around it', () => {
    const binned = binSeries(series([1, 2, 3, 4, 5, 10, 20, 30, 40, 50]), { bins: 2, low: 0.25, high: 0.75 });
    expect(binned).toEqual({
      name: 'loss',
      colour: 'teal',
      x: [20, 70],
      y: [3, 30],
      band: { lower: [2, 20], upper: [4, 40] },
    });
  });

  it('keeps the line within its band, and the band within the values', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 20, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.integer({ min: 2, max: 19 }), (y, bins) => {
        const { x, y: medians, band } = binSeries(series(y), { bins });
        expect(x).toHaveLength(bins);
        Array.from(medians).forEach((median, i) => {
          expect(band!.lower[i]).toBeLessThanOrEqual(median);
          expect(band!.upper[i]).toBeGreaterThanOrEqual(median);
        });
        expect(Math.min(...band!.lower)).toBeGreaterThanOrEqual(Math.min(...y));
        expect(Math.max(...band!.upper)).toBeLessThanOrEqual(Math.max(...y));
      }),
    );
  });

  it('leaves out what is not finite; a bin of nothing else is a gap', () => {
    const { y } = binSeries(series([1, NaN, 3, NaN, Infinity, NaN]), { bins: 2 });
    expect(y).toEqual([2, NaN]);
  });

  it('returns a short series as it is', () => {
    const short = series([1, 2]);
    expect(binSeries(short)).toBe(short);
  });

  it.each<[string, unknown, object, RegExp]>([
    ['one bin', series([1]), { bins: 1 }, /bins must be an integer from 2 to 100000; got 1/],
    ['a low above the median', series([1]), { low: 0.6 }, /low must lie in \[0, 0\.5\]; got 0\.6/],
    ['a high below it', series([1]), { high: 0.4 }, /high must lie in \[0\.5, 1\]; got 0\.4/],
    ['a short y', { name: 'a', x: [1, 2], y: [1] }, {}, /one value for each x \(2\); got 1/],
    ['no series', undefined, {}, /series must be .*\{ name, x, y \}; got undefined/],
  ])('refuses %s', (_, wrong, options, message) => {
    expect(() => binSeries(wrong as LineSeries, options)).toThrow(message);
  });
});
