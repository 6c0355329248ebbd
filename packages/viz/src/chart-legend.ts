import { escapeMarkup } from './escape-markup.ts';
import { coordinate } from './line-path.ts';
import { textWidth, truncate } from './text-layout.ts';

export interface LegendEntry {
  readonly name: string;
  /** Markup of the sample, drawn in a box from (0, -5) to (28, 5). */
  readonly sample: string;
}

export const LEGEND_ROW = 20;
const SAMPLE = 28;
const SPACE = 18;
const FONT = 12;

interface Placed {
  readonly x: number;
  readonly row: number;
  readonly text: string;
  readonly entry: LegendEntry;
}

export interface Legend {
  readonly height: number;
  /** Markup, for the left edge and the top of the legend. */
  draw(left: number, top: number): string;
}

/** Entries from left to right, in as many rows as they need. */
export function layOutLegend(entries: readonly LegendEntry[], width: number): Legend {
  const placed: Placed[] = [];
  let x = 0;
  let row = 0;
  for (const entry of entries) {
    const text = truncate(entry.name, Math.min(width - SAMPLE - 6, 320), FONT);
    const needed = SAMPLE + 6 + textWidth(text, FONT);
    if (x > 0 && x + needed > width) {
      x = 0;
      row += 1;
    }
    placed.push({ x, row, text, entry });
    x += needed + SPACE;
  }
  return {
    height: entries.length === 0 ? 0 : (row + 1) * LEGEND_ROW + 4,
    draw: (left, top) => placed.map((each) => drawEntry(each, left, top)).join(''),
  };
}

function drawEntry({ x, row, text, entry }: Placed, left: number, top: number): string {
  const at = `${coordinate(left + x)} ${coordinate(top + row * LEGEND_ROW + LEGEND_ROW / 2)}`;
  const full = text === entry.name ? '' : `<title>${escapeMarkup(entry.name)}</title>`;
  const label = `<text x="${SAMPLE + 6}" y="4">${escapeMarkup(text)}</text>`;
  return `<g class="entry" transform="translate(${at})">${full}${entry.sample}${label}</g>`;
}
