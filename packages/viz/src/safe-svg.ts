import { requireString, show } from './check.ts';

// Drawing elements only: nothing that runs, loads, embeds or links.
const ELEMENTS = new Set(
  (
    'svg g defs symbol use title desc style path rect circle ellipse line polyline polygon text tspan textPath ' +
    'marker clipPath mask pattern linearGradient radialGradient stop'
  ).split(' '),
);

const NAME = '[A-Za-z_][\\w.:-]*';
const ATTRIBUTE = new RegExp(`\\s+(${NAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'y');
const TAG_OPEN = new RegExp(`<(${NAME})`, 'y');
const TAG_END = /\s*(\/?)>/y;
const CLOSE = new RegExp(`</(${NAME})\\s*>`, 'y');
const COMMENT = /<!--[^]*?-->/g;
const PROLOG = /^\ufeff?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!DOCTYPE svg[^>[]*>\s*)?/;
const BARE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});)/i;
// Nowhere in XML, not even in a comment.
// eslint-disable-next-line no-control-regex
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

/**
 * The SVG element of a document, fit to stand inside an HTML page: well-formed, and without script, event handlers,
 * links, embedded or external content. Refused rather than cleaned: a picture with a part missing would be a lie.
 *
 * @throws TypeError if `svg` is not a string
 * @throws RangeError that says what was found and where
 */
export function requireSafeSvg(field: string, svg: string): string {
  // Comments go: HTML and XML disagree on where one ends, and that has hidden scripts before.
  const text = requireString(field, svg).replace(COMMENT, '').replace(PROLOG, '').trim();
  const refuse: Refuse = (what, at) => {
    throw new RangeError(
      `${field} must be a plain SVG drawing: <svg ...>...</svg>, well-formed and without scripts, handlers or ` +
        `outside content; got ${what} at character ${at}, near ${show(text.slice(at, at + 40))}.`,
    );
  };
  const unwritable = text.search(UNWRITABLE);
  if (unwritable >= 0) refuse('a character that XML cannot hold', unwritable);
  const open: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (at > 0 && open.length === 0) refuse('something after the end of the drawing', at);
    at = readPart(text, at, open, refuse);
  }
  if (text === '' || open.length > 0) refuse(`no closing tag for <${open.at(-1) ?? 'svg'}>`, text.length);
  return text;
}

type Refuse = (what: string, at: number) => never;

/** Reads a tag or the text up to the next one; returns where it ends. */
function readPart(text: string, at: number, open: string[], refuse: Refuse): number {
  if (text[at] !== '<') return readText(text, at, open, refuse);
  const close = match(CLOSE, text, at);
  if (close === undefined) return readTag(text, at, open, refuse);
  if (open.pop() !== close[1]) refuse(`the closing tag ${close[0]} without its opening tag`, at);
  return at + close[0].length;
}

function readText(text: string, at: number, open: readonly string[], refuse: Refuse): number {
  const next = text.indexOf('<', at);
  const end = next < 0 ? text.length : next;
  const content = text.slice(at, end);
  if (open.length === 0) refuse('text outside the drawing', at);
  if (BARE_AMPERSAND.test(content) || content.includes(']]>')) refuse('a bare or unknown & or a ]]>', at);
  if (open.at(-1) === 'style') {
    if (/[\\&]/.test(content)) refuse('an escape in a style sheet', at);
    requireInertStyle(content, at, refuse);
  }
  return end;
}

function readTag(text: string, at: number, open: string[], refuse: Refuse): number {
  const start = match(TAG_OPEN, text, at);
  if (start === undefined) return refuse('markup that is not a tag', at);
  const name = start[1] ?? '';
  // HTML reads what is inside these as HTML, or as raw text: only text may be there.
  if (['title', 'desc', 'style'].includes(open.at(-1) ?? '')) refuse(`a tag inside <${open.at(-1)}>`, at);
  if (!ELEMENTS.has(name) || (open.length === 0 && name !== 'svg')) refuse(`the element <${name}>`, at);
  let end = at + start[0].length;
  const seen = new Set<string>();
  for (let found = match(ATTRIBUTE, text, end); found !== undefined; found = match(ATTRIBUTE, text, end)) {
    const [whole, attribute = '', double, single] = found;
    if (seen.has(attribute)) refuse(`the attribute ${attribute} twice`, end);
    seen.add(attribute);
    requireInertAttribute(attribute, double ?? single ?? '', end, refuse);
    end += whole.length;
  }
  const finish = match(TAG_END, text, end);
  if (finish === undefined) return refuse(`a broken tag <${name}>`, at);
  if (finish[1] === '') open.push(name);
  return end + finish[0].length;
}

function requireInertAttribute(name: string, value: string, at: number, refuse: Refuse): void {
  if (BARE_AMPERSAND.test(value)) refuse('a bare or unknown &', at);
  if (/^on/i.test(name)) refuse(`the event handler ${name}`, at);
  if (/(^|:)href$/i.test(name) && !value.startsWith('#')) refuse(`a link, ${name}=${show(value)}`, at);
  if (!name.startsWith('xmlns')) requireInertStyle(value, at, refuse);
}

/** No URL but one within the drawing; no escape (of CSS or XML) that could spell one. */
function requireInertStyle(css: string, at: number, refuse: Refuse): void {
  if (/@import|expression\s*\(|javascript:|image-set\s*\(|src\s*\(/i.test(css)) refuse('active or outside content', at);
  if (/url\s*\(\s*(?!["']?#)/i.test(css)) refuse('a url() that leaves the drawing', at);
  if (/\\|&#/.test(css) && /[({@]/.test(css)) refuse('an escape in a style', at);
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
