import type { AxisScale } from './axis-scale.ts';
import { columnOf, type Plot, rowOf } from './chart-frame.ts';
import { escapeMarkup } from './escape-markup.ts';
import type { Mark, Reference } from './line-chart-options.ts';
import { coordinate } from './line-path.ts';
import { textWidth, truncate } from './text-layout.ts';

export const MARK_ROW = 15;
const MAX_ROWS = 3;
const FONT = 11;

interface PlacedMark {
  readonly mark: Mark;
  readonly x: number;
  /** -1: no room for the label. */
  readonly row: number;
  readonly text: string;
  readonly centre: number;
}

/** Labels go in the lowest row where they touch no neighbour. */
export function placeMarks(
  marks: readonly Mark[],
  plot: Plot,
  scale: AxisScale,
  rows = MAX_ROWS,
): readonly PlacedMark[] {
  const ends = Array.from({ length: rows }, () => -Infinity);
  return [...marks]
    .sort((a, b) => a.x - b.x)
    .map((mark) => {
      const text = truncate(mark.label, 180, FONT);
      const half = textWidth(text, FONT) / 2;
      const x = columnOf(plot, scale, mark.x);
      const centre = Math.min(Math.max(x, plot.left + half), plot.right + 14 - half);
      const row = ends.findIndex((end) => centre - half > end + 6);
      if (row >= 0) ends[row] = centre + half;
      return { mark, x, row, text, centre };
    });
}

/** Rows of labels that marks need, as far as it can be told before the plot is laid out. */
export function markRows(marks: readonly Mark[], width: number, scale: AxisScale): number {
  const placed = placeMarks(marks, { left: 76, right: width - 22, top: 0, bottom: 0 }, scale);
  return Math.max(-1, ...placed.map(({ row }) => row)) + 1;
}

export function drawMarks(marks: readonly Mark[], plot: Plot, scale: AxisScale, rows: number): string {
  const placed = placeMarks(marks, plot, scale, rows);
  const lines = placed.map(({ mark, x, row }) => {
    const top = row < 0 ? plot.top : plot.top - row * MARK_ROW - 3;
    const line = `<path class="mark" d="M${coordinate(x)} ${coordinate(plot.bottom)}V${coordinate(top)}"/>`;
    return `<g>${title(mark.label)}${line}</g>`;
  });
  const labels = placed
    .filter(({ row, text }) => row >= 0 && text !== '')
    .map(({ row, text, centre }) => {
      const y = coordinate(plot.top - row * MARK_ROW - 6);
      return `<text class="muted small halo" x="${coordinate(centre)}" y="${y}" text-anchor="middle">${escapeMarkup(text)}</text>`;
    });
  // Labels last: the line of a label in a higher row may cross one below it.
  return lines.join('') + labels.join('');
}

const title = (label: string): string => (label === '' ? '' : `<title>${escapeMarkup(label)}</title>`);

export interface DrawnReferences {
  readonly lines: string;
  readonly labels: string;
}

/**
 * Lines at a height, labelled above their right end; those outside the axis are left out.
 * Lines and labels come apart, so that a chart can put its data between them.
 */
export function drawReferences(references: readonly Reference[], plot: Plot, scale: AxisScale): DrawnReferences {
  const shown = references.filter(({ y }) => y >= scale.min && y <= scale.max);
  const rows = shown.map(({ y }) => rowOf(plot, scale, y));
  // The halo has the dashes of its line: it sets them off against bars and hides nothing between them.
  const lines = rows.map((row) => {
    const d = `M${plot.left} ${coordinate(row)}H${coordinate(plot.right)}`;
    return `<path class="halo" d="${d}"/><path class="mark" d="${d}"/>`;
  });
  const labels = shown.map(({ label }, i) => {
    const row = rows[i] ?? 0;
    const text = escapeMarkup(truncate(label, plot.right - plot.left, FONT));
    const baseline = coordinate(row - 5 < plot.top + 8 ? row + 13 : row - 5);
    return `<text class="muted small halo" x="${coordinate(plot.right - 4)}" y="${baseline}" text-anchor="end">${text}</text>`;
  });
  return { lines: lines.join(''), labels: labels.join('') };
}
