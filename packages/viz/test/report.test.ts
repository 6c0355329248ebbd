import { describe, expect, it } from 'vitest';
import {
  encodeGif,
  encodePng,
  lineChart,
  type Raster,
  report,
  type ReportOptions,
  type Section,
} from '../src/index.ts';
import { elements, parseXml } from './support/read-svg.ts';

const raster: Raster = { data: Uint8Array.of(0, 50, 100, 150, 200, 250), width: 3, height: 2, channels: 1 };
const png = encodePng(raster);
const gif = encodeGif([raster, raster]);
const svg = lineChart({ title: 'Losses', series: [{ name: 'D', x: [1, 2], y: [3, 4] }] });

const everything = (text: string): ReportOptions => ({
  title: text,
  subtitle: text,
  generator: text,
  sections: [
    { kind: 'chapter', heading: text, subtitle: text },
    { kind: 'text', heading: text, paragraphs: [text, text] },
    { kind: 'figure', heading: text, png, alt: text, caption: text },
    { kind: 'figure', gif, still: png, alt: text, caption: text },
    { kind: 'figure', svg, alt: text, caption: text },
    {
      kind: 'gallery',
      heading: text,
      figures: [
        { png, alt: text, caption: text },
        { svg, alt: text },
      ],
    },
    {
      kind: 'table',
      heading: text,
      columns: [text, 'b'],
      rows: [
        [text, 1],
        [text, null],
      ],
      caption: text,
    },
    { kind: 'keyValues', heading: text, entries: { [text]: text, on: true } },
    { kind: 'notice', heading: text, level: 'warning', text },
    { kind: 'code', heading: text, code: text },
    { kind: 'answer', heading: text, question: text, paragraphs: text },
  ],
});

const text = (heading: string): Section => ({ kind: 'text', heading, paragraphs: 'a' });
const draw = (...sections: Section[]) => parse(report({ title: 'Run', sections }));
const parse = (html: string) => parseXml(html.replace('<!DOCTYPE html>\n', ''));
const textOf = (root: ReturnType<typeof draw>, name: string) => elements(root, name).map((each) => each.textContent);

describe('report', () => {
  it('is well-formed, and gives the same string for the same options', () => {
    const html = report(everything('text'));
    expect(html.startsWith('<!DOCTYPE html>\n<html lang="en">')).toBe(true);
    expect(() => parse(html)).not.toThrow();
    expect(report(everything('text'))).toBe(html);
  });

  it('stands alone: no script, no link, nothing loaded from anywhere', () => {
    const html = report(everything('text'));
    const root = parse(html);
    for (const name of ['script', 'link', 'iframe', 'object', 'embed', 'base', 'form']) {
      expect(elements(root, name), name).toEqual([]);
    }
    for (const element of elements(root, '*')) {
      for (const { name, value } of Array.from(element.attributes)) {
        expect(name).not.toMatch(/^on/i);
        if (name === 'src') expect(value).toMatch(/^data:image\/(png|gif);base64,/);
        if (name === 'href') expect(value).toMatch(/^#section-\d+$/);
      }
    }
    const names = html.replaceAll('http://www.w3.org/2000/svg', '');
    expect(names).not.toMatch(/https?:|\/\/[a-z]|@import|url\(|@font-face/i);
    // And the browser is told to load nothing, should anything slip in.
    expect(html).toContain('content="default-src &#39;none&#39;; img-src data:; style-src &#39;unsafe-inline&#39;"');
  });

  it('escapes every text it is given', () => {
    const evil = `</title><script>alert("1")</script><img src=x onerror='1'>&amp;`;
    const root = parse(report(everything(evil)));
    expect(elements(root, 'script')).toEqual([]);
    expect(elements(root, 'img').every((image) => image.getAttribute('alt') === evil)).toBe(true);
    for (const name of ['h1', 'h2', 'p', 'dt', 'dd', 'code', 'footer', 'th', 'td']) {
      expect(textOf(root, name), name).toContain(evil);
    }
    expect(textOf(root, 'title')[0]).toBe(evil);
  });

  it('holds the very bytes of its pictures, with their size', () => {
    const [image] = elements(draw({ kind: 'figure', png, alt: 'Samples' }), 'img');
    const [type, base64] = image!.getAttribute('src')!.split(',');
    expect(type).toBe('data:image/png;base64');
    expect(new Uint8Array(Buffer.from(base64!, 'base64'))).toEqual(png);
    expect([image!.getAttribute('width'), image!.getAttribute('height')]).toEqual(['3', '2']);
  });

  it('shows a still in place of an animation on paper and where less motion is wanted', () => {
    const html = report({ title: 'Run', sections: [{ kind: 'figure', gif, still: png, alt: 'Training' }] });
    expect(elements(parse(html), 'img').map((image) => image.getAttribute('class'))).toEqual(['moving', 'still']);
    const hidden = '.moving{display:none!important}.still{display:block!important}';
    expect(html.split('@media (prefers-reduced-motion:reduce)')[1]).toContain(hidden);
    expect(html.split('@media print')[1]).toContain(hidden);
  });

  it('numbers figures and tables through the report', () => {
    const table: Section = { kind: 'table', columns: ['a'], rows: [] };
    const figure: Section = { kind: 'figure', png, alt: 'a', caption: 'Noise.' };
    const root = draw(figure, table, { kind: 'gallery', figures: [figure, { png, alt: 'b' }] }, table);
    expect(textOf(root, 'figcaption')).toEqual(['Figure 1. Noise.', 'Figure 2. Noise.', 'Figure 3.']);
    expect(textOf(root, 'caption')).toEqual(['Table 1.', 'Table 2.']);
  });

  it('puts what follows a chapter below it, and lists chapters alone', () => {
    const chapters = ['one', 'two', 'three', 'four'].flatMap((heading): Section[] => [
      { kind: 'chapter', heading, subtitle: `about ${heading}` },
      text(`in ${heading}`),
    ]);
    const root = draw(text('before'), ...chapters);
    expect(textOf(root, 'h2')).toEqual(['before', 'one', 'two', 'three', 'four']);
    expect(textOf(root, 'h3')).toEqual(['in one', 'in two', 'in three', 'in four']);
    expect(textOf(root, 'li')).toEqual(['one', 'two', 'three', 'four']);
    expect(() => draw({ kind: 'chapter', heading: '' })).toThrow(RangeError);
  });

  it('lists its headings when there are four and more, each with a place to go to', () => {
    expect(elements(draw(text('a'), text('b'), text('c')), 'nav')).toEqual([]);
    const root = draw(text('a'), text('b'), text('c'), text('d'));
    const targets = elements(root, 'a').map((link) => link.getAttribute('href')!.slice(1));
    expect(targets).toEqual(elements(root, 'section').map((section) => section.getAttribute('id')));
  });

  it('writes cells as readers expect them', () => {
    const cells = [60000, 0.123456, 'a', true, false, null, NaN];
    const entries = cells.map((cell, i): [string, (typeof cells)[number]] => [String(i), cell]);
    const expected = ['60,000', '0.1235', 'a', 'yes', 'no', '–', 'NaN'];
    expect(textOf(draw({ kind: 'keyValues', entries }), 'dd')).toEqual(expected);
    const table = draw({
      kind: 'table',
      columns: ['n', 's'],
      rows: [
        [1, 'a'],
        [null, 2],
      ],
    });
    expect(textOf(table, 'td')).toEqual(['1', 'a', '–', '2']);
    expect(elements(table, 'th').map((head) => head.getAttribute('class'))).toEqual(['number', null]);
  });

  it('says the level of a notice in words', () => {
    const notice = (level: 'info' | 'warning' | 'error'): Section => ({ kind: 'notice', level, text: 'a' });
    const root = draw(notice('info'), notice('warning'), notice('error'));
    expect(textOf(root, 'p')).toEqual(['Note', 'a', 'Warning', 'a', 'Error', 'a']);
  });

  const of = (section: unknown) => ({ title: 'a', sections: [section] });
  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /report: expected options \{ title, sections, \.\.\. \}; got undefined/],
    ['no title', { sections: [] }, /title must be a string; got undefined/],
    ['no sections', { title: 'a' }, /sections must be an array of sections \{ kind, \.\.\. \}; got undefined/],
    ['a section that is none', of('text'), /sections\[0\] must be a section \{ kind, \.\.\. \}; got "text"/],
    ['an unknown kind', of({ kind: 'chart' }), /kind must be one of 'chapter', 'text', 'figure', .*; got "chart"/],
    ['an inherited kind', of({ kind: 'toString' }), /kind must be one of/],
    ['an empty heading', of({ kind: 'text', heading: '', paragraphs: 'a' }), /heading must not be empty/],
    ['no alt', of({ kind: 'figure', png }), /sections\[0\]\.alt must be a string; got undefined/],
    ['no picture', of({ kind: 'figure', alt: 'a' }), /exactly one of png, gif and svg; got none/],
    ['two pictures', of({ kind: 'figure', alt: 'a', png, svg }), /exactly one of .*; got png and svg/],
    [
      'a GIF for a PNG',
      of({ kind: 'figure', alt: 'a', png: gif }),
      /png must be the bytes of a PNG file, as encodePng\(\)/,
    ],
    [
      'a PNG for a GIF',
      of({ kind: 'figure', alt: 'a', gif: png }),
      /gif must be the bytes of a GIF file, as encodeGif\(\)/,
    ],
    [
      'a still of a PNG',
      of({ kind: 'figure', alt: 'a', png, still: png }),
      /still stands in for a gif; .*Leave it out/,
    ],
    ['an SVG with a script', of({ kind: 'figure', alt: 'a', svg: '<svg><script/></svg>' }), /svg must be a plain SVG/],
    ['an empty gallery', of({ kind: 'gallery', figures: [] }), /at least one figure; got none/],
    [
      'a short row',
      of({ kind: 'table', columns: ['a', 'b'], rows: [[1]] }),
      /rows\[0\] must have one cell for each column \(2\); got 1/,
    ],
    [
      'an object in a cell',
      of({ kind: 'table', columns: ['a'], rows: [[{}]] }),
      /rows\[0\]\[0\] must be a string, a number/,
    ],
    ['an object for a value', of({ kind: 'keyValues', entries: { a: {} } }), /entries\[0\]\[1\] must be a string/],
    [
      'an unknown level',
      of({ kind: 'notice', level: 'fatal', text: 'a' }),
      /one of 'info', 'warning', 'error'; got "fatal"/,
    ],
  ])('refuses %s', (_, options, message) => {
    expect(() => report(options as ReportOptions)).toThrow(message);
  });
});
