import { requireArray, requireString, requireText, show } from './check.ts';
import { escapeMarkup } from './escape-markup.ts';
import type { ReportOptions, Section } from './report-options.ts';
import { type Numbering, sectionMarkup } from './report-sections.ts';
import { REPORT_STYLE } from './report-style.ts';

// Fewer headings than this are seen at a glance.
const MIN_CONTENTS = 4;

// The page promises to load nothing; this makes the browser hold it to that.
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/**
 * Writes a report as one HTML document that needs nothing else: no script, no font, no file, no network.
 * It opens from disk, follows the reader's light or dark mode, prints well, and escapes every text it is given.
 * The same options give the same string (no date, nothing random), and the markup is well-formed XML besides.
 *
 * @throws TypeError if a field has the wrong type, or picture bytes are not of the kind named
 * @throws RangeError if a text is empty, a row has the wrong length, or an SVG holds more than a drawing
 */
export function report(options: ReportOptions): string {
  if (options === null || typeof options !== 'object') {
    throw new TypeError(`report: expected options { title, sections, ... }; got ${show(options)}.`);
  }
  const title = escapeMarkup(requireText('report: title', options.title));
  const language = escapeMarkup(requireText('report: language', options.language ?? 'en'));
  const sections = requireArray('report: sections', options.sections, 'sections { kind, ... }');
  const numbering: Numbering = { figure: 0, table: 0 };
  const body = sections.map((section, i) => drawSection(section, i, numbering, sections)).join('\n');
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="${escapeMarkup(POLICY)}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<title>${title}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<header><h1>${title}</h1>${optional('subtitle', options.subtitle, (text) => `<p class="subtitle">${text}</p>`)}</header>
${contents(sections)}${body}
${optional('generator', options.generator, (text) => `<footer>${text}</footer>`)}
</main>
</body>
</html>
`;
}

const anchor = (index: number): string => `section-${index + 1}`;

function drawSection(section: Section, index: number, numbering: Numbering, sections: readonly Section[]): string {
  const field = `report: sections[${index}]`;
  const markup = sectionMarkup(field, section, numbering);
  if (section.heading === undefined && section.kind !== 'chapter') return `<section>${markup}</section>`;
  const heading = escapeMarkup(requireText(`${field}.heading`, section.heading));
  const isChapter = section.kind === 'chapter';
  const level = isChapter || !sections.slice(0, index).some(beginsChapter) ? 'h2' : 'h3';
  const style = isChapter ? ' class="chapter"' : '';
  return `<section id="${anchor(index)}"${style}><${level}>${heading}</${level}>${markup}</section>`;
}

const beginsChapter = ({ kind }: Section): boolean => kind === 'chapter';

/** The headings; where there are chapters, theirs alone. */
function contents(sections: readonly Section[]): string {
  const hasChapters = sections.some(beginsChapter);
  const items = sections.flatMap((section, i) => {
    const { heading } = section;
    if (heading === undefined || (hasChapters && !beginsChapter(section))) return [];
    return [`<li><a href="#${anchor(i)}">${escapeMarkup(heading)}</a></li>`];
  });
  return items.length < MIN_CONTENTS ? '' : `<nav aria-label="Contents"><ol>${items.join('')}</ol></nav>\n`;
}

function optional(field: string, text: string | undefined, draw: (escaped: string) => string): string {
  const given = requireString(`report: ${field}`, text ?? '');
  return given === '' ? '' : draw(escapeMarkup(given));
}
