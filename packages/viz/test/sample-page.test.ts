import { describe, expect, it } from 'vitest';
import { encodePng, imageGrid, samplePage } from '../src/index.ts';

const png = (level: number) => encodePng(imageGrid({ data: new Float32Array(4).fill(level), shape: [1, 2, 2] }));
const options = { title: 'None of these <exists>', pictures: [png(0), png(0.5), png(1)], alt: 'A grey square' };

describe('samplePage', () => {
  it('shows one picture at a time, each leading to the next, without a script or anything from outside', () => {
    const page = samplePage({ ...options, note: 'Made & shown' });
    expect(page).toContain('<h1>None of these &lt;exists&gt;</h1>');
    expect(page).toContain('<p>Made &amp; shown</p>');
    expect(page).not.toMatch(/<script|https?:|<link/);
    const articles = [...page.matchAll(/<article id="picture-(\d)"( class="first")?>.*?href="#picture-(\d)"/g)];
    expect(articles.map(([, id, first, next]) => [id, first !== undefined, next])).toEqual([
      ['1', false, '2'],
      ['2', false, '0'],
      // The last in the document: what stands before it hides it where it is asked for.
      ['0', true, '1'],
    ]);
    expect(new Set(page.match(/data:image\/png;base64,[^"]+/g)).size).toBe(3);
    expect(samplePage({ ...options, note: 'Made & shown' })).toBe(page);
  });

  it('refuses what it cannot show', () => {
    expect(() => samplePage({ ...options, pictures: [] })).toThrow('at least one picture');
    expect(() => samplePage({ ...options, pictures: [new Uint8Array(3)] })).toThrow('pictures[0]');
    expect(() => samplePage({ ...options, title: ' ' })).toThrow('samplePage: title');
  });
});
