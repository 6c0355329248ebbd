import { type AxisScale, extentOf, isDrawable, makeScale } from './axis-scale.ts';
import { columnOf, drawChart, drawYAxis, layOutFrame, type Plot, rowOf } from './chart-frame.ts';
import type { LegendEntry } from './chart-legend.ts';
import { drawMarks, drawReferences, MARK_ROW, markRows } from './chart-marks.ts';
import { dashOf, paletteIndex } from './chart-style.ts';
import { describeLines, hiddenNote } from './describe-lines.ts';
import { escapeMarkup } from './escape-markup.ts';
import {
  type LineChartOptions,
  type LineSeries,
  type ResolvedLineChart,
  resolveLineChart,
} from './line-chart-options.ts';
import { bandPath, coordinate, dotPath, linePath, type PixelSeries, thinnedRuns } from './line-path.ts';
import { textWidth } from './text-layout.ts';

// Up to here each point is worth a dot: it was measured, the line between is only a guide.
const MAX_DOTTED_POINTS = 40;

/**
 * Draws series as lines and returns a self-contained SVG document that is readable on screen (light and dark), on
 * paper (each series has a dash of its own) and by a screen reader. Use it inline in HTML or as a file.
 *
 * NaN and infinite values are gaps. Long series are thinned to what the pixels can show (M4; Jugel et al., VLDB 2014).
 *
 * @throws TypeError if a field has the wrong type
 * @throws RangeError if lengths differ, `x` falls or is not finite, there is no series, or an option is out of range
 */
export function lineChart(options: LineChartOptions): string {
  const chart = resolveLineChart(options);
  const xAxis = (room: number): AxisScale =>
    makeScale({ kind: chart.xScale, extent: xExtent(chart), room, fit: 'near' });
  const rows = markRows(chart.marks, chart.width, xAxis(8));
  const note = hiddenNote(chart);
  const { yScale, ...frame } = layOutFrame(
    { ...chart, note, description: chart.description ?? describeLines(chart), legend: legendOf(chart) },
    { chart: 'lineChart', above: rows * MARK_ROW, below: 20, yScale: (height) => yAxis(chart, height) },
  );
  const { plot } = frame;
  const xScale = fitLabels(xAxis, plot.right - plot.left);
  const references = drawReferences(chart.references, plot, yScale);
  const body =
    drawYAxis(plot, yScale) +
    drawXAxis(plot, xScale) +
    drawMarks(chart.marks, plot, xScale, rows) +
    // Under the curves: one that lies on its reference, as a loss at its equilibrium does, must not vanish.
    references.lines +
    drawPlot(chart, plot, xScale, yScale) +
    references.labels;
  return drawChart(frame, 'line-chart', chart.series.length, body);
}

function xExtent({ series, marks, xScale }: ResolvedLineChart): readonly [number, number] | undefined {
  return extentOf([...series.map(({ x }) => x), marks.map(({ x }) => x)], xScale);
}

function yAxis({ series, references, yRange, yScale: kind }: ResolvedLineChart, height: number): AxisScale {
  const values = series.flatMap(({ y, band }) => (band === undefined ? [y] : [y, band.lower, band.upper]));
  const extent = yRange ?? extentOf([...values, references.map(({ y }) => y)], kind);
  return makeScale({
    kind,
    extent,
    room: Math.max(2, Math.floor(height / 46)),
    fit: yRange === undefined ? 'round' : 'exact',
  });
}

/** As many labels as fit without touching. */
function fitLabels(axis: (room: number) => AxisScale, width: number): AxisScale {
  for (let room = Math.floor(width / 60); room > 1; room--) {
    const scale = axis(room);
    const labelled = scale.ticks.filter(({ label }) => label !== '');
    const places = labelled.map(({ value, label }) => ({
      at: scale.place(value) * width,
      half: textWidth(label, 12) / 2,
    }));
    if (
      places.every(
        ({ at, half }, i) => i === 0 || at - half > (places[i - 1]?.at ?? 0) + (places[i - 1]?.half ?? 0) + 12,
      )
    ) {
      return scale;
    }
  }
  return axis(1);
}

function drawXAxis(plot: Plot, scale: AxisScale): string {
  const ticks = scale.ticks.map(({ value, label }) => ({ x: coordinate(columnOf(plot, scale, value)), label }));
  const strokes = ticks.map(({ x, label }) => `M${x} ${coordinate(plot.bottom)}v${label === '' ? 3 : 5}`).join('');
  const labels = ticks.map(({ x, label }) => {
    const text = escapeMarkup(label);
    return label === '' ? '' : `<text x="${x}" y="${coordinate(plot.bottom + 19)}" text-anchor="middle">${text}</text>`;
  });
  const line = `M${plot.left} ${coordinate(plot.bottom)}H${coordinate(plot.right)}`;
  return `<path class="axis" d="${line}${strokes}"/>${labels.join('')}`;
}

/** The series, cut off a few pixels outside the plot (room for half a line or dot on its edge). */
function drawPlot(chart: ResolvedLineChart, plot: Plot, xScale: AxisScale, yScale: AxisScale): string {
  const box = [plot.left - 4, plot.top - 4, plot.right - plot.left + 8, plot.bottom - plot.top + 8].map(coordinate);
  const [x, y, width, height] = box;
  const drawn = chart.series.map((series, i) => drawSeries(series, i, plot, xScale, yScale));
  // All bands lie under all lines.
  const content = drawn.map(({ band }) => band).join('') + drawn.map(({ lines }) => lines).join('');
  const empty = `<text class="muted" x="${coordinate((plot.left + plot.right) / 2)}" y="${coordinate((plot.top + plot.bottom) / 2)}" text-anchor="middle">No finite values to draw</text>`;
  return (
    `<svg class="plot" x="${x}" y="${y}" width="${width}" height="${height}" viewBox="${box.join(' ')}" ` +
    `overflow="hidden">${content === '' ? empty : content}</svg>`
  );
}

function drawSeries(series: LineSeries, index: number, plot: Plot, xScale: AxisScale, yScale: AxisScale) {
  const x = Float64Array.from(series.x, (value) => columnOf(plot, xScale, value));
  const y = toRows(series.y, plot, yScale);
  const runs = thinnedRuns({ x, y });
  const line = linePath({ x, y }, runs);
  const dots = dotPath({ x, y }, dotted({ x, y }, runs));
  const colour = colourOf(series, index);
  return {
    lines:
      (line === '' ? '' : `<path class="line ${colour.stroke}" ${dash(index)}${colour.strokeStyle}d="${line}"/>`) +
      (dots === '' ? '' : `<path class="dots ${colour.stroke}" ${colour.strokeStyle}d="${dots}"/>`),
    band: drawBand(series, index, x, plot, yScale),
  };
}

function toRows(values: ArrayLike<number>, plot: Plot, scale: AxisScale): Float64Array {
  // A value far outside yRange is cut off anyway; renderers keep coordinates in float32.
  const [top, bottom] = [plot.top - 1e4, plot.bottom + 1e4];
  return Float64Array.from(values, (value) =>
    isDrawable(value, scale.kind) ? Math.min(bottom, Math.max(top, rowOf(plot, scale, value))) : NaN,
  );
}

/** Every point of a short series; of a long one those without neighbours, which no line would show. */
function dotted({ x }: PixelSeries, runs: readonly (readonly number[])[]): readonly number[] {
  return x.length <= MAX_DOTTED_POINTS ? runs.flat() : runs.filter(({ length }) => length === 1).flat();
}

function drawBand(series: LineSeries, index: number, x: Float64Array, plot: Plot, scale: AxisScale): string {
  const { band } = series;
  if (band === undefined) return '';
  const upper = toRows(band.upper, plot, scale);
  // On a logarithmic axis the lower edge may be at or below zero: the band then reaches the bottom of the plot.
  const lower = toRows(band.lower, plot, scale).map((row, i) =>
    Number.isNaN(row) && (band.lower[i] ?? NaN) <= 0 && scale.kind === 'log' ? plot.bottom : row,
  );
  const path = bandPath({ x, lower, upper });
  const { fill, stroke, bandStyle } = colourOf(series, index);
  return path === '' ? '' : `<path class="band ${fill} ${stroke}" ${bandStyle}d="${path}"/>`;
}

function colourOf({ colour }: Pick<LineSeries, 'colour'>, index: number) {
  const place = paletteIndex(index);
  const own = colour === undefined ? undefined : escapeMarkup(colour);
  return {
    stroke: `s${place}`,
    fill: `f${place}`,
    strokeStyle: own === undefined ? '' : `style="stroke:${own}" `,
    bandStyle: own === undefined ? '' : `style="fill:${own};stroke:${own}" `,
  };
}

const dash = (index: number): string => (dashOf(index) === '' ? '' : `stroke-dasharray="${dashOf(index)}" `);

function legendOf({ series, legend }: ResolvedLineChart): readonly LegendEntry[] {
  if (!legend) return [];
  return series.map((each, i) => {
    const { stroke, fill, strokeStyle, bandStyle } = colourOf(each, i);
    const band = each.band === undefined ? '' : `<path class="band ${fill} ${stroke}" ${bandStyle}d="M0-6H28V6H0Z"/>`;
    const dot = each.x.length <= MAX_DOTTED_POINTS ? `<path class="dots ${stroke}" ${strokeStyle}d="M14 0h0"/>` : '';
    const line = `<path class="line ${stroke}" ${dash(i)}${strokeStyle}d="M0 0H28"/>`;
    return { name: each.name, sample: band + line + dot };
  });
}
