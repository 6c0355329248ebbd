import { extentOf, isDrawable } from './axis-scale.ts';
import { formatNumber } from './format-number.ts';
import type { LineSeries, ResolvedLineChart } from './line-chart-options.ts';

/** What a sighted reader takes from the chart at a glance, in words. */
export function describeLines({ series, xLabel, yLabel, yScale }: ResolvedLineChart): string {
  const axes = `${yLabel === '' ? 'Values' : yLabel}${xLabel === '' ? '' : ` against ${xLabel}`}`;
  const scale = yScale === 'log' ? ', logarithmic scale' : '';
  return [`Line chart. ${axes}${scale}.`, ...series.map(describeSeries)].join(' ');
}

function describeSeries({ name, x, y }: LineSeries): string {
  const extent = extentOf([y], 'linear');
  const first = findIndexFrom(y, 0, 1);
  const last = findIndexFrom(y, y.length - 1, -1);
  if (extent === undefined) return `${name}: no finite values.`;
  const at = (i: number): string => `${formatNumber(y[i] ?? NaN)} at ${formatNumber(x[i] ?? NaN)}`;
  const [low, high] = extent.map(formatNumber);
  return `${name}: ${formatNumber(y.length)} point${y.length === 1 ? '' : 's'}, from ${at(first)} to ${at(last)}; lowest ${low}, highest ${high}.`;
}

function findIndexFrom(y: ArrayLike<number>, start: number, step: 1 | -1): number {
  let i = start;
  while (i >= 0 && i < y.length && !isDrawable(y[i] ?? NaN, 'linear')) i += step;
  return i;
}

/** Says what the chart leaves out. NaN is a gap somebody asked for; infinite values and a log axis' zeros are not. */
export function hiddenNote({ series, yScale }: ResolvedLineChart): string {
  let infinite = 0;
  let notPositive = 0;
  for (const { y } of series) {
    for (let i = 0; i < y.length; i++) {
      const value = y[i] ?? NaN;
      if (value === Infinity || value === -Infinity) infinite += 1;
      else if (yScale === 'log' && value <= 0) notPositive += 1;
    }
  }
  const counted = (count: number, what: string): string =>
    `${formatNumber(count)} ${what} value${count === 1 ? '' : 's'}`;
  const parts = [
    ...(infinite > 0 ? [counted(infinite, 'infinite')] : []),
    ...(notPositive > 0 ? [`${counted(notPositive, 'zero or negative')} (logarithmic axis)`] : []),
  ];
  return parts.length === 0 ? '' : `Not drawn: ${parts.join(', ')}.`;
}
