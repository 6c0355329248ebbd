import { type AxisScale, extentOf, makeScale } from './axis-scale.ts';
import { type BarChartOptions, type BarSeries, resolveBarChart, type ResolvedBarChart } from './bar-chart-options.ts';
import { drawCategories, layOutCategories } from './category-labels.ts';
import { drawChart, drawYAxis, layOutFrame, type Plot, rowOf } from './chart-frame.ts';
import type { LegendEntry } from './chart-legend.ts';
import { drawReferences } from './chart-marks.ts';
import { paletteIndex } from './chart-style.ts';
import { escapeMarkup } from './escape-markup.ts';
import { formatNumber, formatPercent } from './format-number.ts';
import { coordinate } from './line-path.ts';
import { textWidth } from './text-layout.ts';

/**
 * Draws one bar for each series in each category, from zero, and returns a self-contained SVG document
 * (light and dark, print, screen reader, as {@link lineChart}). Series differ by colour and by filling: full, hatched, outlined.
 *
 * @throws TypeError if a field has the wrong type
 * @throws RangeError if lengths differ, a value is infinite, there is nothing to draw, or an option is out of range
 */
export function barChart(options: BarChartOptions): string {
  const chart = resolveBarChart(options);
  const labels = layOutCategories(chart);
  const { yScale, ...frame } = layOutFrame(
    { ...chart, note: '', description: chart.description ?? describe(chart), legend: legendOf(chart) },
    {
      chart: 'barChart',
      above: chart.showValues ? 8 : 0,
      below: labels.top + labels.height,
      yScale: (height) => yAxis(chart, height),
    },
  );
  const references = drawReferences(chart.references, frame.plot, yScale);
  const body =
    drawYAxis(frame.plot, yScale) +
    drawBars(chart, frame.plot, yScale) +
    drawBaseline(frame.plot, yScale) +
    references.lines +
    references.labels +
    drawCategories(chart.categories, frame.plot, labels);
  return drawChart(frame, 'bar-chart', chart.series.length, body);
}

function yAxis({ series, references, yFormat }: ResolvedBarChart, height: number): AxisScale {
  const values = [...series.map((each) => each.values), references.map(({ y }) => y)];
  const [low, high] = extentOf(values, 'linear') ?? [0, 1];
  const extent = [Math.min(0, low), Math.max(0, high)] as const;
  const format = yFormat === 'percent' ? (ticks: readonly number[]) => ticks.map(formatPercent) : undefined;
  return makeScale({ kind: 'linear', extent, room: Math.max(2, Math.floor(height / 46)), fit: 'round', format });
}

interface Bar {
  readonly value: number;
  readonly x: number;
  readonly width: number;
}

function layOutBars({ categories, series }: ResolvedBarChart, plot: Plot): readonly (readonly Bar[])[] {
  const slot = (plot.right - plot.left) / categories.length;
  const width = Math.min(64, (slot * 0.78) / series.length);
  const start = plot.left + (slot - width * series.length) / 2;
  return series.map(({ values }, s) =>
    categories.map((_, c) => ({ value: values[c] ?? NaN, x: start + c * slot + s * width, width: width * 0.94 })),
  );
}

function drawBars(chart: ResolvedBarChart, plot: Plot, scale: AxisScale): string {
  const bars = layOutBars(chart, plot);
  const write = chart.showValues && valuesFit(chart, bars);
  return bars
    .map((row, s) =>
      row
        .map((bar, c) => drawBar(chart, s, c, bar, plot, scale) + (write ? drawValue(chart, bar, plot, scale) : ''))
        .join(''),
    )
    .join('');
}

function valuesFit(chart: ResolvedBarChart, bars: readonly (readonly Bar[])[]): boolean {
  const widest = Math.max(...bars.flat().map(({ value }) => textWidth(valueText(chart, value), 11)));
  const slack = chart.series.length === 1 ? 1.2 : 1.02;
  return widest <= (bars[0]?.[0]?.width ?? 0) * slack;
}

const valueText = ({ yFormat }: ResolvedBarChart, value: number): string => {
  if (Number.isNaN(value)) return '–';
  return yFormat === 'percent' ? formatPercent(value) : formatNumber(value);
};

function drawBar(chart: ResolvedBarChart, s: number, c: number, bar: Bar, plot: Plot, scale: AxisScale): string {
  if (Number.isNaN(bar.value)) return '';
  const zero = rowOf(plot, scale, 0);
  const end = rowOf(plot, scale, bar.value);
  const box = { x: bar.x, y: Math.min(zero, end), width: bar.width, height: Math.abs(end - zero) };
  const series = chart.series[s];
  const label = `${series?.name}, ${chart.categories[c]}: ${valueText(chart, bar.value)}`;
  return `<g><title>${escapeMarkup(label)}</title>${drawFilled(box, series, s)}</g>`;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Full, hatched, outlined, in turn: on a grey print the series still differ. */
function drawFilled(
  { x, y, width, height }: Box,
  series: Pick<BarSeries, 'colour'> | undefined,
  index: number,
): string {
  const place = paletteIndex(index);
  const own = series?.colour === undefined ? undefined : escapeMarkup(series.colour);
  const style = own === undefined ? '' : ` style="fill:${own};stroke:${own}"`;
  const [left, top, wide, high] = [x, y, width, height].map(coordinate);
  const kind = index % 3 === 0 ? '' : ' pale';
  const rect = `<rect class="bar f${place} s${place}${kind}"${style} x="${left}" y="${top}" width="${wide}" height="${high}"/>`;
  if (index % 3 !== 1) return rect;
  const hatchStyle = own === undefined ? '' : ` style="stroke:${own}"`;
  return `${rect}<path class="hatch s${place}"${hatchStyle} d="${hatch({ x, y, width, height })}"/>`;
}

/** Diagonal strokes cut to the box. Plain lines, as a pattern would need an id that is unique in the page. */
function hatch({ x, y, width, height }: Box): string {
  const strokes: string[] = [];
  for (let offset = 6; offset < width + height; offset += 6) {
    const from = { x: x + Math.max(0, offset - height), y: y + Math.min(offset, height) };
    const to = { x: x + Math.min(offset, width), y: y + Math.max(0, offset - width) };
    strokes.push(`M${coordinate(from.x)} ${coordinate(from.y)}L${coordinate(to.x)} ${coordinate(to.y)}`);
  }
  return strokes.join('');
}

function drawValue(chart: ResolvedBarChart, { value, x, width }: Bar, plot: Plot, scale: AxisScale): string {
  const end = rowOf(plot, scale, Number.isNaN(value) ? 0 : value);
  const y = coordinate(value < 0 ? end + 13 : end - 5);
  const text = escapeMarkup(valueText(chart, value));
  return `<text class="small halo" x="${coordinate(x + width / 2)}" y="${y}" text-anchor="middle">${text}</text>`;
}

const drawBaseline = (plot: Plot, scale: AxisScale): string =>
  `<path class="axis" d="M${plot.left} ${coordinate(rowOf(plot, scale, 0))}H${coordinate(plot.right)}"/>`;

function legendOf({ series, legend }: ResolvedBarChart): readonly LegendEntry[] {
  if (!legend) return [];
  return series.map((each, i) => ({
    name: each.name,
    sample: drawFilled({ x: 4, y: -6, width: 22, height: 12 }, each, i),
  }));
}

function describe(chart: ResolvedBarChart): string {
  const { series, categories, xLabel, yLabel } = chart;
  const axes = `${yLabel === '' ? 'Values' : yLabel}${xLabel === '' ? '' : ` by ${xLabel}`}`;
  const sentences = series.map(({ name, values }) => {
    const pairs = categories.map((category, c) => `${category}: ${valueText(chart, values[c] ?? NaN)}`);
    return `${name}: ${pairs.join(', ')}.`;
  });
  return [`Bar chart. ${axes}.`, ...sentences].join(' ');
}
