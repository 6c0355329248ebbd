import { requireString, requireText, show } from './check.ts';
import { embedGif, embedPng, type EmbeddedImage } from './data-uri.ts';
import { escapeMarkup } from './escape-markup.ts';
import type { Figure } from './report-options.ts';
import { requireSafeSvg } from './safe-svg.ts';

/** A `<figure>` with the picture inside the document and a numbered caption. */
export function figureMarkup(field: string, figure: Figure, number: number): string {
  const picture = pictureMarkup(field, figure);
  const caption = requireString(`${field}.caption`, figure.caption ?? '');
  const text = caption === '' ? '' : ` ${escapeMarkup(caption)}`;
  return `<figure>${picture}<figcaption><b>Figure ${number}.</b>${text}</figcaption></figure>`;
}

function pictureMarkup(field: string, figure: Figure): string {
  const alt = requireText(`${field}.alt`, figure.alt);
  const given = (['png', 'gif', 'svg'] as const).filter((kind) => figure[kind] !== undefined);
  if (given.length !== 1) {
    throw new TypeError(`${field} must have exactly one of png, gif and svg; got ${given.join(' and ') || 'none'}.`);
  }
  if (figure.still !== undefined && figure.gif === undefined) {
    throw new TypeError(`${field}.still stands in for a gif; got it with ${given.join()}. Leave it out.`);
  }
  if (figure.svg !== undefined) return requireSafeSvg(`${field}.svg`, figure.svg);
  if (figure.png !== undefined) return image(embedPng(`${field}.png`, figure.png), alt, '');
  if (figure.gif === undefined)
    throw new TypeError(`${field}.gif must be the bytes of a GIF file; got ${show(figure.gif)}.`);
  const moving = embedGif(`${field}.gif`, figure.gif);
  if (figure.still === undefined) return image(moving, alt, '');
  return image(moving, alt, 'moving') + image(embedPng(`${field}.still`, figure.still), alt, 'still');
}

function image({ uri, width, height }: EmbeddedImage, alt: string, name: string): string {
  const kind = name === '' ? '' : ` class="${name}"`;
  return `<img${kind} src="${uri}" alt="${escapeMarkup(alt)}" width="${width}" height="${height}"/>`;
}
