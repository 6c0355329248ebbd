import { DOMParser, type Element } from '@xmldom/xmldom';

/** Parses XML; anything a parser could complain of is an error. */
export function parseXml(text: string): Element {
  const onError = (level: string, message: string) => {
    // U+FFFD stands on purpose for what XML cannot hold.
    if (message.includes('Unicode replacement character')) return;
    throw new Error(`${level}: ${message}`);
  };
  return new DOMParser({ onError }).parseFromString(text, 'text/xml').documentElement!;
}

export function elements(root: Element, name: string, className?: string): Element[] {
  const found = Array.from(root.getElementsByTagName(name));
  return className === undefined ? found : found.filter((each) => classes(each).includes(className));
}

const classes = (element: Element): string[] => (element.getAttribute('class') ?? '').split(' ');

export const attribute = (element: Element, name: string): number => Number(element.getAttribute(name));

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The runs of points of a path made of M with pairs of numbers. */
export function runsOf(path: Element): Point[][] {
  const d = path.getAttribute('d') ?? '';
  return d
    .split('M')
    .filter(Boolean)
    .map((run) => {
      const numbers = run
        .replace(/[Zh].*$/, '')
        .split(' ')
        .map(Number);
      return Array.from({ length: numbers.length / 2 }, (_, i) => ({ x: numbers[2 * i]!, y: numbers[2 * i + 1]! }));
    });
}

/** The rectangle that data is drawn in. It is cut 4 pixels outside, for half a line or dot on its edge. */
export function plotOf(root: Element) {
  const [box] = elements(root, 'svg', 'plot');
  const [left, top] = [attribute(box!, 'x') + 4, attribute(box!, 'y') + 4];
  return { left, top, right: left + attribute(box!, 'width') - 8, bottom: top + attribute(box!, 'height') - 8 };
}

/** Labels of the y axis and the pixel rows they stand at. */
export function yTicks(root: Element): { label: string; y: number }[] {
  return elements(root, 'text')
    .filter((text) => text.getAttribute('text-anchor') === 'end' && text.hasAttribute('dy'))
    .map((text) => ({ label: text.textContent ?? '', y: attribute(text, 'y') }));
}

export const texts = (root: Element): string[] => elements(root, 'text').map(({ textContent }) => textContent ?? '');
