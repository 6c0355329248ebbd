import type { AxisScale } from './axis-scale.ts';
import { type LegendEntry, layOutLegend } from './chart-legend.ts';
import { chartStyle } from './chart-style.ts';
import { escapeMarkup } from './escape-markup.ts';
import { coordinate } from './line-path.ts';
import { textWidth, truncate, wrap } from './text-layout.ts';

/** What every chart has around its plot. */
export interface FrameText {
  readonly title: string;
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Small print below the chart; empty for none. */
  readonly note: string;
  readonly legend: readonly LegendEntry[];
  readonly width: number;
  readonly height: number;
}

/** The rectangle data is drawn in, in pixels. */
export interface Plot {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Frame {
  readonly text: FrameText;
  readonly plot: Plot;
  /** Title, legend, axis labels and note. */
  readonly markup: string;
}

interface FrameRequest {
  /** The function called, for errors. */
  readonly chart: string;
  /** Height of what stands between legend and plot (labels of marks). */
  readonly above: number;
  /** Height of the labels under the x axis. */
  readonly below: number;
  /** The y axis, made to the plot's height. */
  readonly yScale: (plotHeight: number) => AxisScale;
}

const EDGE = 14;
const TITLE_LINE = 21;
// 16 pixels, and a bold face is about a sixth wider.
const BOLD_TITLE = 18.6;
const MIN_PLOT = 24;

/**
 * Lays out from the outside in; the plot gets what is left.
 *
 * @throws RangeError if that is nothing
 */
export function layOutFrame(text: FrameText, request: FrameRequest): Frame & { readonly yScale: AxisScale } {
  const titleLines = wrap(text.title, text.width - 2 * EDGE, BOLD_TITLE, 2);
  const legend = layOutLegend(text.legend, text.width - 2 * EDGE - 8);
  const titleTop = EDGE - 2;
  const legendTop = titleTop + titleLines.length * TITLE_LINE + (titleLines.length > 0 ? 5 : 0);
  const top = legendTop + legend.height + request.above + 12;
  const noteHeight = text.note === '' ? 0 : 18;
  const labelHeight = text.xLabel === '' ? 4 : 22;
  const bottom = text.height - noteHeight - labelHeight - request.below - 10;
  if (bottom < top + MIN_PLOT) {
    const least = Math.ceil(text.height + top + MIN_PLOT - bottom);
    throw new RangeError(
      `${request.chart}: height must be at least ${least} to hold title, legend, labels and a plot; got ${text.height}. ` +
        'Make it higher, or draw fewer series or shorter names.',
    );
  }
  const yScale = request.yScale(bottom - top);
  const tickWidth = Math.max(...yScale.ticks.map(({ label }) => textWidth(label, 12)), 8);
  const left = Math.ceil(10 + (text.yLabel === '' ? 0 : 20) + tickWidth + 8);
  const plot = { left, top, right: text.width - 22, bottom };
  const markup =
    titleLines.map((line, i) => drawTitleLine(line, titleTop + (i + 1) * TITLE_LINE - 5)).join('') +
    legend.draw(EDGE + 4, legendTop) +
    drawLabels(text, plot, request.below) +
    drawNote(text);
  return { text, plot, markup, yScale };
}

const drawTitleLine = (line: string, y: number): string =>
  `<text class="title" x="${EDGE}" y="${coordinate(y)}">${escapeMarkup(line)}</text>`;

function drawLabels({ xLabel, yLabel }: FrameText, plot: Plot, below: number): string {
  const middle = coordinate((plot.left + plot.right) / 2);
  const xText = escapeMarkup(truncate(xLabel, plot.right - plot.left, 12));
  const x = `<text class="muted" x="${middle}" y="${coordinate(plot.bottom + below + 14)}" text-anchor="middle">${xText}</text>`;
  const place = `translate(19 ${coordinate((plot.top + plot.bottom) / 2)}) rotate(-90)`;
  const yText = escapeMarkup(truncate(yLabel, plot.bottom - plot.top + 40, 12));
  const y = `<text class="muted" transform="${place}" text-anchor="middle">${yText}</text>`;
  return (xLabel === '' ? '' : x) + (yLabel === '' ? '' : y);
}

function drawNote({ note, width, height }: FrameText): string {
  if (note === '') return '';
  const text = escapeMarkup(truncate(note, width - 2 * EDGE, 11));
  return `<text class="muted small" x="${width - EDGE}" y="${height - 9}" text-anchor="end">${text}</text>`;
}

/** Pixel row of a value on the y axis. */
export const rowOf = (plot: Plot, scale: AxisScale, value: number): number =>
  plot.bottom - scale.place(value) * (plot.bottom - plot.top);

/** Pixel column of a value on the x axis. */
export const columnOf = (plot: Plot, scale: AxisScale, value: number): number =>
  plot.left + scale.place(value) * (plot.right - plot.left);

/** Horizontal grid lines with the labels of the y axis. */
export function drawYAxis(plot: Plot, scale: AxisScale): string {
  const rows = scale.ticks.map(({ value, label }) => ({ y: coordinate(rowOf(plot, scale, value)), label }));
  const grid = (kind: string, drawn: typeof rows): string => {
    const lines = drawn.map(({ y }) => `M${plot.left} ${y}H${coordinate(plot.right)}`).join('');
    return lines === '' ? '' : `<path class="${kind}" d="${lines}"/>`;
  };
  const major = rows.filter(({ label }) => label !== '');
  const minor = rows.filter(({ label }) => label === '');
  const labels = major.map(
    ({ y, label }) => `<text x="${plot.left - 8}" y="${y}" dy="4" text-anchor="end">${escapeMarkup(label)}</text>`,
  );
  return grid('grid minor', minor) + grid('grid', major) + labels.join('');
}

/** The whole document. `body` is markup; everything else is escaped here. */
export function drawChart({ text, markup }: Frame, kind: string, seriesCount: number, body: string): string {
  const { width, height, title, description } = text;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="labviz ${kind}" role="img" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}"><title>${escapeMarkup(title)}</title><desc>${escapeMarkup(description)}</desc>` +
    `${chartStyle(seriesCount)}<rect class="bg" width="${width}" height="${height}"/>${markup}${body}</svg>\n`
  );
}
