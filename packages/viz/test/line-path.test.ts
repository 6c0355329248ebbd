import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinnedRuns } from '../src/line-path.ts';

/** Many more points than pixel columns, with gaps. */
const dense = fc
  .array(
    fc.tuple(
      fc.double({ min: 0, max: 20, noNaN: true }),
      fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 999 }) }, { weight: 1, arbitrary: fc.constant(NaN) }),
    ),
    {
      minLength: 100,
      maxLength: 400,
    },
  )
  .map((points) => {
    const sorted = points.toSorted((a, b) => a[0] - b[0]);
    return { x: Float64Array.from(sorted, ([x]) => x), y: Float64Array.from(sorted, ([, y]) => y) };
  });

describe('thinnedRuns', () => {
  it('keeps the first, lowest, highest and last value of each pixel column, and no more than four', () => {
    fc.assert(
      fc.property(dense, (series) => {
        const kept = thinnedRuns(series).flat();
        expect(kept).toEqual(kept.toSorted((a, b) => a - b));
        const wanted = columns(
          series,
          [...series.x.keys()].filter((i) => !Number.isNaN(series.y[i])),
        );
        const got = columns(series, kept);
        expect([...got.keys()]).toEqual([...wanted.keys()]);
        for (const [column, indices] of wanted) {
          const left = got.get(column)!;
          expect(left.length).toBeLessThanOrEqual(4);
          expect(summary(series.y, left)).toEqual(summary(series.y, indices));
        }
      }),
    );
  });

  it('leaves a series alone that has room', () => {
    const x = Float64Array.of(0, 10, 20, 20, 30);
    expect(thinnedRuns({ x, y: x })).toEqual([[0, 1, 2, 3, 4]]);
  });

  it('splits at gaps, and needs no point at all', () => {
    const x = Float64Array.of(0, 1, 2, 3, 4, 5);
    expect(thinnedRuns({ x, y: Float64Array.of(NaN, 1, 2, NaN, NaN, 3) })).toEqual([[1, 2], [5]]);
    expect(thinnedRuns({ x: new Float64Array(), y: new Float64Array() })).toEqual([]);
  });

  it('keeps a gap between pixel columns of a thinned series', () => {
    const x = Float64Array.from({ length: 1000 }, (_, i) => i / 100);
    const y = x.map((at) => (at >= 3 && at < 6 ? NaN : at));
    expect(thinnedRuns({ x, y })).toHaveLength(2);
  });
});

function columns({ x }: { x: Float64Array }, indices: readonly number[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const i of indices) {
    const column = Math.floor(x[i]!);
    found.set(column, [...(found.get(column) ?? []), i]);
  }
  return found;
}

function summary(y: Float64Array, indices: readonly number[]) {
  const values = indices.map((i) => y[i]!);
  return [indices[0], indices.at(-1), Math.min(...values), Math.max(...values)];
}
