import { requireArray, requireString, requireText, show } from './check.ts';
import { embedPng } from './data-uri.ts';
import { escapeMarkup } from './escape-markup.ts';

/** Options of `samplePage`. */
export interface SamplePageOptions {
  /** Such as 'This digit does not exist'. */
  readonly title: string;
  /** Pictures as PNG files, one after another on the page; at least one. */
  readonly pictures: readonly Uint8Array[];
  /** What is to be seen, for those who can't see it; the same for all. */
  readonly alt: string;
  /**
   * Stands below the pictures.
   * @default ''
   */
  readonly note?: string;
  /**
   * What leads to the next picture.
   * @default 'Another one'
   */
  readonly next?: string;
}

const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

// A fragment in the address shows its picture; without one the last in the document is shown, which is the first to be seen.
const STYLE = `:root{color-scheme:light dark}
body{margin:0;min-height:100vh;display:grid;place-content:center;justify-items:center;gap:20px;padding:24px;box-sizing:border-box;
font:17px/1.6 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;text-align:center}
h1{margin:0;font-size:1.6rem;text-wrap:balance}
article{display:none}
article.first,article:target{display:block}
article:target~.first{display:none}
img{display:block;width:min(280px,80vw);image-rendering:pixelated;border-radius:8px;margin:0 auto 16px}
a{display:inline-block;padding:8px 20px;border:1px solid;border-radius:999px;text-decoration:none;color:inherit}
p{margin:0;max-width:56ch;opacity:.75;font-size:.9rem}`;

/**
 * Writes pictures that no camera took as one HTML page that shows one of them at a time: self-contained, without a script, and
 * the same for the same options.
 *
 * @throws TypeError if a field has the wrong type, or a picture isn't a PNG
 * @throws RangeError if a text is empty, or there is no picture
 */
export function samplePage(options: SamplePageOptions): string {
  if (options === null || typeof options !== 'object') {
    throw new TypeError(`samplePage: expected options { title, pictures, alt, ... }; got ${show(options)}.`);
  }
  const title = escapeMarkup(requireText('samplePage: title', options.title));
  const alt = escapeMarkup(requireText('samplePage: alt', options.alt));
  const next = escapeMarkup(requireText('samplePage: next', options.next ?? 'Another one'));
  const note = escapeMarkup(requireString('samplePage: note', options.note ?? ''));
  const pictures = requireArray('samplePage: pictures', options.pictures, 'PNG files');
  if (pictures.length === 0) throw new RangeError('samplePage: pictures must hold at least one picture; got none.');
  const articles = pictures.map((bytes, i) => {
    const { uri, width, height } = embedPng(`samplePage: pictures[${i}]`, bytes);
    const image = `<img src="${uri}" width="${width}" height="${height}" alt="${alt}"/>`;
    const link = `<a href="#picture-${(i + 1) % pictures.length}">${next}</a>`;
    return `<article id="picture-${i}"${i === 0 ? ' class="first"' : ''}>${image}${link}</article>`;
  });
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="${escapeMarkup(POLICY)}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
<main>
${[...articles.slice(1), articles[0]].join('\n')}
</main>
${note === '' ? '' : `<p>${note}</p>`}
</body>
</html>
`;
}
