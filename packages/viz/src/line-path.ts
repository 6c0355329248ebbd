/** Pixel coordinates of a series; NaN in `y` is a gap. `x` does not fall. */
export interface PixelSeries {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Indices of points to join; each inner list is a run without a gap. */
export type Runs = readonly (readonly number[])[];

/** One decimal is a tenth of a pixel: finer than any screen or printer shows. */
export const coordinate = (value: number): string => String(Number(value.toFixed(1)));

/**
 * The points to draw, split at gaps. A series with more than four points a pixel column is thinned to the first,
 * lowest, highest and last of each column, which draws the same pixels (M4; Jugel et al., VLDB 2014).
 * A gap inside one pixel column could not be seen and is dropped.
 */
export function thinnedRuns({ x, y }: PixelSeries): Runs {
  const span = x.length === 0 ? 0 : (x.at(-1) ?? 0) - (x[0] ?? 0);
  const thin = x.length > 4 * (Math.ceil(span) + 1);
  const runs: number[][] = [];
  let column: Column | undefined;
  let broken = true;
  const flush = (): void => {
    if (column === undefined) return;
    if (column.broken) runs.push([]);
    runs.at(-1)?.push(...extremes(column));
    column = undefined;
  };
  for (let i = 0; i < x.length; i++) {
    const value = y[i] ?? NaN;
    if (Number.isNaN(value)) {
      broken = true;
      continue;
    }
    const place = thin ? Math.floor(x[i] ?? 0) : i;
    if (column?.place !== place) {
      flush();
      column = { place, first: i, low: i, high: i, last: i, broken };
    }
    broken = false;
    extend(column, i, value, y);
  }
  flush();
  return runs;
}

interface Column {
  readonly place: number;
  readonly first: number;
  low: number;
  high: number;
  last: number;
  /** A gap lies before this column. */
  readonly broken: boolean;
}

function extend(column: Column, index: number, value: number, y: Float64Array): void {
  column.last = index;
  if (value < (y[column.low] ?? NaN)) column.low = index;
  if (value > (y[column.high] ?? NaN)) column.high = index;
}

const extremes = ({ first, low, high, last }: Column): number[] =>
  [...new Set([first, low, high, last])].sort((a, b) => a - b);

const point = ({ x, y }: PixelSeries, i: number): string => `${coordinate(x[i] ?? 0)} ${coordinate(y[i] ?? 0)}`;

/** Path data of the runs of two points and more. */
export function linePath(series: PixelSeries, runs: Runs): string {
  const joined = runs.filter((run) => run.length > 1);
  return joined.map((run) => `M${run.map((i) => point(series, i)).join(' ')}`).join('');
}

/** Path data of dots (drawn by round line caps) at the given points. */
export function dotPath(series: PixelSeries, indices: readonly number[]): string {
  return indices.map((i) => `M${point(series, i)}h0`).join('');
}

/** A band in pixel coordinates; its runs come from the points where both edges exist. */
export interface PixelBand {
  readonly x: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Path data of the closed outline of a band, thinned like a line. */
export function bandPath({ x, lower, upper }: PixelBand): string {
  const missing = (i: number): boolean => Number.isNaN(lower[i] ?? NaN) || Number.isNaN(upper[i] ?? NaN);
  const low = { x, y: lower.map((value, i) => (missing(i) ? NaN : value)) };
  const high = { x, y: upper.map((value, i) => (missing(i) ? NaN : value)) };
  const bottoms = thinnedRuns(low);
  return thinnedRuns(high)
    .map((top, run) => {
      const back = [...(bottoms[run] ?? [])].reverse();
      return `M${[...top.map((i) => point(high, i)), ...back.map((i) => point(low, i))].join(' ')}Z`;
    })
    .join('');
}
