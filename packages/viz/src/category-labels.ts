import type { ResolvedBarChart } from './bar-chart-options.ts';
import type { Plot } from './chart-frame.ts';
import { escapeMarkup } from './escape-markup.ts';
import { coordinate } from './line-path.ts';
import { textWidth, truncate, wrap } from './text-layout.ts';

const MAX_LENGTH = 160;
const LINE = 15;
const TILT = (35 * Math.PI) / 180;

export interface CategoryLabels {
  /** Each category in lines; undefined where they have to be tilted to fit. */
  readonly lines: readonly (readonly string[])[] | undefined;
  /** Between plot and labels: values of negative bars stand there. */
  readonly top: number;
  readonly height: number;
}

export function layOutCategories({ categories, series, showValues, width }: ResolvedBarChart): CategoryLabels {
  const negative = series.some(({ values }) => Array.from(values).some((value) => value < 0));
  const top = showValues && negative ? 14 : 0;
  const slot = (width - 90) / categories.length - 6;
  const lines = categories.map((category) => wrap(category, slot, 12, 3));
  if (lines.every((each, c) => holdsAll(each, categories[c] ?? ''))) {
    return { lines, top, height: 5 + LINE * Math.max(1, ...lines.map(({ length }) => length)) };
  }
  const longest = Math.max(...categories.map((category) => Math.min(MAX_LENGTH, textWidth(category, 12))));
  return { lines: undefined, top, height: Math.ceil(longest * Math.sin(TILT)) + 18 };
}

const holdsAll = (lines: readonly string[], text: string): boolean =>
  lines.join(' ') === text.trim().replace(/\s+/g, ' ');

export function drawCategories(categories: readonly string[], plot: Plot, { lines, top }: CategoryLabels): string {
  const slot = (plot.right - plot.left) / categories.length;
  return categories
    .map((category, c) => {
      const x = plot.left + (c + 0.5) * slot;
      const y = plot.bottom + top;
      return lines === undefined ? drawTilted(category, x, y) : drawLevel(lines[c] ?? [], x, y);
    })
    .join('');
}

const drawLevel = (lines: readonly string[], x: number, top: number): string =>
  lines
    .map((line, i) => {
      const y = coordinate(top + 18 + i * LINE);
      return `<text x="${coordinate(x)}" y="${y}" text-anchor="middle">${escapeMarkup(line)}</text>`;
    })
    .join('');

function drawTilted(category: string, x: number, top: number): string {
  // A tilted label reaches to the left: it must not leave the picture.
  const room = (x - 4) / Math.cos(TILT);
  const text = truncate(category, Math.min(MAX_LENGTH, room), 12);
  const full = text === category ? '' : `<title>${escapeMarkup(category)}</title>`;
  const place = `translate(${coordinate(x)} ${coordinate(top + 14)}) rotate(-35)`;
  return `<g>${full}<text transform="${place}" text-anchor="end">${escapeMarkup(text)}</text></g>`;
}
