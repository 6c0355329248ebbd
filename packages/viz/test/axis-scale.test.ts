import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeScale, niceStep } from '../src/axis-scale.ts';

const labels = (extent: [number, number], room = 6, kind: 'linear' | 'log' = 'linear') =>
  makeScale({ kind, extent, room, fit: 'round' })
    .ticks.map(({ label }) => label)
    .filter(Boolean);

const extents = fc
  .tuple(fc.double({ min: -1e12, max: 1e12, noNaN: true }), fc.double({ min: -1e12, max: 1e12, noNaN: true }))
  .map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);

describe('makeScale', () => {
  it('holds its extent, its ticks rise, and their labels differ', () => {
    const requests = fc.record({
      extent: extents,
      room: fc.integer({ min: 2, max: 12 }),
      fit: fc.constantFrom('round' as const, 'near' as const),
    });
    fc.assert(
      fc.property(requests, ({ extent, room, fit }) => {
        const scale = makeScale({ kind: 'linear', extent, room, fit });
        expect(scale.min).toBeLessThanOrEqual(extent[0]);
        expect(scale.max).toBeGreaterThanOrEqual(extent[1]);
        const places = scale.ticks.map(({ value }) => scale.place(value));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        for (const place of places) expect(Math.abs(place - 0.5)).toBeLessThanOrEqual(0.5 + 1e-9);
        expect(new Set(scale.ticks.map(({ label }) => label)).size).toBe(scale.ticks.length);
        expect(scale.ticks.length).toBeLessThanOrEqual(room + 3);
      }),
    );
  });

  it('labels linear axes with round numbers in one form', () => {
    expect(labels([0, 1])).toEqual(['0', '0.2', '0.4', '0.6', '0.8', '1.0']);
    expect(labels([0, 100_000])).toEqual(['0', '20k', '40k', '60k', '80k', '100k']);
    expect(labels([-2, 3])).toEqual(['−2', '−1', '0', '1', '2', '3']);
    expect(labels([0, 1e-5])).toEqual(['0', '2×10⁻⁶', '4×10⁻⁶', '6×10⁻⁶', '8×10⁻⁶', '1×10⁻⁵']);
  });

  it('labels logarithmic axes with powers, and with 1, 2, 5 where there is room', () => {
    expect(labels([0.0012, 950], 6, 'log')).toEqual(['0.001', '0.01', '0.1', '1', '10', '100', '1k']);
    expect(labels([1, 90], 6, 'log')).toEqual(['1', '2', '5', '10', '20', '50', '100']);
    expect(labels([1e-12, 1e12], 5, 'log').length).toBeLessThanOrEqual(7);
  });

  it('gives a domain without width some', () => {
    for (const kind of ['linear', 'log'] as const) {
      for (const value of [1, 1e-8, 4e15, 3]) {
        const { min, max, place } = makeScale({ kind, extent: [value, value], room: 5, fit: 'round' });
        expect(min).toBeLessThan(value);
        expect(max).toBeGreaterThan(value);
        expect(place(value)).toBeGreaterThan(0);
        expect(place(value)).toBeLessThan(1);
      }
    }
  });

  it('keeps an exact domain', () => {
    const { min, max } = makeScale({ kind: 'linear', extent: [0.13, 0.87], room: 5, fit: 'exact' });
    expect([min, max]).toEqual([0.13, 0.87]);
  });
});

describe('niceStep', () => {
  it('is 1, 2 or 5 times a power of ten, at least as large and at most 2.5 times', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-200, max: 1e200, noNaN: true }), (rough) => {
        const step = niceStep(rough);
        expect(step / rough).toBeGreaterThan(1 - 1e-8);
        expect(step / rough).toBeLessThan(2.5 + 1e-8);
        expect(step.toExponential(6)).toMatch(/^[125]\.0+e/);
      }),
    );
  });
});
