import { requireArray, requireOneOf, requireString, requireText, show } from './check.ts';
import { escapeMarkup } from './escape-markup.ts';
import { formatNumber } from './format-number.ts';
import { figureMarkup } from './report-figure.ts';
import type {
  AnswerSection,
  Cell,
  ChapterSection,
  CodeSection,
  FigureSection,
  GallerySection,
  KeyValuesSection,
  NoticeSection,
  Section,
  TableSection,
  TextSection,
} from './report-options.ts';

/** Figures and tables are numbered through the whole report. */
export interface Numbering {
  figure: number;
  table: number;
}

type Draw<S extends Section> = (field: string, section: S, numbering: Numbering) => string;

const DRAW: { readonly [K in Section['kind']]: Draw<Extract<Section, { kind: K }>> } = {
  chapter: drawChapter,
  text: drawText,
  figure: drawFigure,
  gallery: drawGallery,
  table: drawTable,
  keyValues: drawKeyValues,
  notice: drawNotice,
  code: drawCode,
  answer: drawAnswer,
};

/** Markup of a section without its heading. */
export function sectionMarkup(field: string, section: Section, numbering: Numbering): string {
  if (section === null || typeof section !== 'object') {
    throw new TypeError(`${field} must be a section { kind, ... }; got ${show(section)}.`);
  }
  const kind = requireOneOf(`${field}.kind`, section.kind, Object.keys(DRAW) as Section['kind'][]);
  return (DRAW[kind] as Draw<Section>)(field, section, numbering);
}

function drawChapter(field: string, { subtitle = '' }: ChapterSection): string {
  const text = requireString(`${field}.subtitle`, subtitle);
  return text === '' ? '' : `<p class="subtitle">${escapeMarkup(text)}</p>`;
}

function drawText(field: string, { paragraphs }: Pick<TextSection, 'paragraphs'>): string {
  const list =
    typeof paragraphs === 'string' ? [paragraphs] : requireArray(`${field}.paragraphs`, paragraphs, 'strings');
  return list.map((text, i) => `<p>${escapeMarkup(requireString(`${field}.paragraphs[${i}]`, text))}</p>`).join('');
}

function drawFigure(field: string, section: FigureSection, numbering: Numbering): string {
  return figureMarkup(field, section, ++numbering.figure);
}

function drawGallery(field: string, { figures }: GallerySection, numbering: Numbering): string {
  const list = requireArray(`${field}.figures`, figures, 'figures { png | gif | svg, alt, caption? }');
  if (list.length === 0) throw new RangeError(`${field}.figures must hold at least one figure; got none.`);
  const drawn = list.map((figure, i) => figureMarkup(`${field}.figures[${i}]`, figure, ++numbering.figure));
  return `<div class="gallery">${drawn.join('')}</div>`;
}

function drawTable(field: string, { columns, rows, caption = '' }: TableSection, numbering: Numbering): string {
  const heads = requireArray(`${field}.columns`, columns, 'strings');
  if (heads.length === 0) throw new RangeError(`${field}.columns must name at least one column; got none.`);
  requireArray(`${field}.rows`, rows, 'rows of cells').forEach((row, r) => {
    if (requireArray(`${field}.rows[${r}]`, row, 'cells').length === heads.length) return;
    throw new RangeError(
      `${field}.rows[${r}] must have one cell for each column (${heads.length}); got ${row.length}.`,
    );
  });
  const numeric = heads.map((_, c) => rows.length > 0 && rows.every((row) => typeof (row[c] ?? 0) === 'number'));
  const kind = (c: number): string => (numeric[c] ? ' class="number"' : '');
  const head = heads.map((name, c) => {
    const text = escapeMarkup(requireString(`${field}.columns[${c}]`, name));
    return `<th scope="col"${kind(c)}>${text}</th>`;
  });
  const body = rows.map((row, r) => {
    const cells = row.map((cell, c) => `<td${kind(c)}>${cellText(`${field}.rows[${r}][${c}]`, cell)}</td>`);
    return `<tr>${cells.join('')}</tr>`;
  });
  const label = ` ${escapeMarkup(requireString(`${field}.caption`, caption))}`.trimEnd();
  const name = `Table ${++numbering.table}`;
  // A table wider than the page scrolls by itself; tabindex lets the keyboard do it.
  return (
    `<div class="scroll" tabindex="0" role="region" aria-label="${name}"><table><caption><b>${name}.</b>${label}</caption>` +
    `<thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
  );
}

function cellText(field: string, cell: Cell): string {
  if (cell === null) return '–';
  if (typeof cell === 'number') return escapeMarkup(formatNumber(cell));
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (typeof cell === 'string') return escapeMarkup(cell);
  throw new TypeError(`${field} must be a string, a number, a boolean or null; got ${show(cell)}.`);
}

function drawKeyValues(field: string, { entries }: KeyValuesSection): string {
  if (entries === null || typeof entries !== 'object') {
    throw new TypeError(`${field}.entries must be an object or a list of [name, value]; got ${show(entries)}.`);
  }
  const pairs: readonly (readonly [string, Cell])[] = Array.isArray(entries) ? entries : Object.entries(entries);
  const drawn = pairs.map((pair, i) => {
    const [name, value] = requireArray<Cell>(`${field}.entries[${i}]`, pair, 'a name and a value');
    const term = escapeMarkup(requireString(`${field}.entries[${i}][0]`, name));
    return `<dt>${term}</dt><dd>${cellText(`${field}.entries[${i}][1]`, value as Cell)}</dd>`;
  });
  return `<dl>${drawn.join('')}</dl>`;
}

const LEVELS = { info: 'Note', warning: 'Warning', error: 'Error' } as const;

function drawNotice(field: string, { level, text }: NoticeSection): string {
  const name = requireOneOf(`${field}.level`, level, Object.keys(LEVELS) as (keyof typeof LEVELS)[]);
  const body = escapeMarkup(requireText(`${field}.text`, text));
  // The level is a word as well as a colour.
  return `<div class="notice ${name}" role="note"><p class="level">${LEVELS[name]}</p><p>${body}</p></div>`;
}

function drawCode(field: string, { code }: CodeSection): string {
  return `<pre tabindex="0"><code>${escapeMarkup(requireString(`${field}.code`, code))}</code></pre>`;
}

function drawAnswer(field: string, { question, paragraphs }: AnswerSection): string {
  const summary = escapeMarkup(requireText(`${field}.question`, question));
  return `<details><summary>${summary}</summary>${drawText(field, { paragraphs })}</details>`;
}
