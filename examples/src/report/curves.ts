import { binSeries, lineChart, type LineChartOptions, type LineSeries } from '@lab/viz';
import type { MetricsRow } from '../run/metrics-log.ts';

/** A metric of a run, as one line of a chart. */
export interface Curve {
  readonly name: string;
  readonly rows: readonly MetricsRow[];
  readonly metric: keyof MetricsRow;
}

type ChartText = Pick<LineChartOptions, 'title' | 'yLabel' | 'yScale' | 'yRange' | 'references'>;

/** A chart over training steps: medians as lines, and a band that 80% of the readings lie in. */
export function chart(text: ChartText, curves: readonly Curve[]): string | undefined {
  const drawn = curves.filter(({ rows }) => rows.length > 0);
  if (drawn.length === 0) return undefined;
  return lineChart({ xLabel: 'step', ...text, series: drawn.map(toSeries) });
}

function toSeries({ name, rows, metric }: Curve): LineSeries {
  const series = { name, x: rows.map(({ step }) => step), y: rows.map((row) => row[metric]) };
  return binSeries(series, { bins: 150 });
}

export const lossText = { title: 'Losses', yLabel: 'nats' } as const;

export const beliefText = {
  title: 'What D believes',
  yLabel: 'mean probability of being real',
  yRange: [0, 1],
  references: [{ y: 0.5, label: "D can't tell" }],
} as const;

export const gradientText = {
  title: 'Gradient norms',
  yLabel: 'Euclidean norm',
  yScale: 'log',
} as const;

/** Losses, probabilities and gradient norms of one run. */
export function runCharts(rows: readonly MetricsRow[]): string[] {
  const charts = [
    chart(lossText, [
      { name: 'D loss', rows, metric: 'dLoss' },
      { name: 'G loss', rows, metric: 'gLoss' },
    ]),
    chart(beliefText, [
      { name: 'D(x), real', rows, metric: 'dReal' },
      { name: 'D(G(z)), fake', rows, metric: 'dFake' },
    ]),
    chart(gradientText, [
      { name: "D's gradient", rows, metric: 'dGradNorm' },
      { name: "G's gradient", rows, metric: 'gGradNorm' },
    ]),
  ];
  return charts.filter((each) => each !== undefined);
}

const chartWidth = 760;
const chartHeight = 420;

/** Several charts of the usual size as one drawing, one below the other. */
export function stack(charts: readonly string[]): string {
  const height = chartHeight * charts.length;
  const placed = charts.map((svg, i) => svg.replace('<svg ', `<svg y="${i * chartHeight}" `));
  const size = `width="${chartWidth}" height="${height}" viewBox="0 0 ${chartWidth} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${placed.join('')}</svg>\n`;
}
