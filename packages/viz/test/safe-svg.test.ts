import { describe, expect, it } from 'vitest';
import { barChart, lineChart } from '../src/index.ts';
import { requireSafeSvg } from '../src/safe-svg.ts';

const svg = (inside: string, attributes = '') => `<svg xmlns="http://www.w3.org/2000/svg"${attributes}>${inside}</svg>`;

describe('requireSafeSvg', () => {
  it.each([
    lineChart({ title: 'a & <b>', series: [{ name: 'a', x: [1, 2], y: [3, 4] }] }).trim(),
    barChart({ title: 'a', categories: ['a'], series: [{ name: 'b', values: [1] }] }).trim(),
    svg('<defs><linearGradient id="g"/></defs><rect fill="url(#g)"/><use href="#g"/><text>a &lt; b &#160; c</text>'),
  ])('takes a drawing as it is', (drawing) => expect(requireSafeSvg('svg', drawing)).toBe(drawing));

  it('leaves out what a file has around and between', () => {
    const file = `<?xml version="1.0"?>\n<!DOCTYPE svg>\n<!-- made by hand -->${svg('<!-- <script> --><path d="M0 0"/>')}\n`;
    expect(requireSafeSvg('svg', file)).toBe(svg('<path d="M0 0"/>'));
  });

  it.each<[string, string, RegExp]>([
    ['a script', svg('<script>alert(1)</script>'), /got the element <script> at character 40, near "<script>/],
    ['a script in pieces', svg('<scr<!-- -->ipt>1</script>'), /the element <script>/],
    ['foreign HTML', svg('<foreignObject><p>a</p></foreignObject>'), /the element <foreignObject>/],
    ['a picture', svg('<image href="a.png"/>'), /the element <image>/],
    ['an animation', svg('<set attributeName="href" to="javascript:1"/>'), /the element <set>/],
    ['an event handler', svg('', ' onload="alert(1)"'), /the event handler onload/],
    ['a link out', svg('<use href="https://example.org/a.svg#b"/>'), /a link, href=/],
    ['a link by xlink', svg('<use xlink:href="data:image/svg+xml,a"/>'), /a link, xlink:href=/],
    ['a url() out', svg('<rect style="fill:url(https://example.org)"/>'), /a url\(\) that leaves the drawing/],
    ['an import', svg('<style>@import "a.css"</style>'), /active or outside content/],
    ['an escape in a style', svg('<style>a{b:u\\72l(c)}</style>'), /an escape in a style sheet/],
    ['HTML in a title', svg('<title><b>a</b></title>'), /a tag inside <title>/],
    ['CDATA', svg('<style><![CDATA[a]]></style>'), /markup that is not a tag/],
    ['entities of its own', `<!DOCTYPE svg [<!ENTITY a "b">]>${svg('&a;')}`, /markup that is not a tag/],
    ['an unknown entity', svg('<text>&nbsp;</text>'), /a bare or unknown &/],
    ['an open tag', '<svg><g></svg>', /the closing tag <\/svg> without its opening tag/],
    ['no end', '<svg><g>', /no closing tag for <g>/],
    ['two drawings', svg('') + svg(''), /something after the end/],
    ['an attribute twice', svg('<g id="a" id="b"/>'), /the attribute id twice/],
    ['an attribute without quotes', svg('<g id=a/>'), /a broken tag <g>/],
    ['a control character', svg('<text>\u0001</text>'), /a character that XML cannot hold/],
    ['the end of CDATA', svg('<text>]]></text>'), /\]\]>/],
    ['HTML', '<p>a</p>', /the element <p>/],
    ['text', 'a drawing', /text outside the drawing/],
    ['nothing', '', /no closing tag for <svg>/],
  ])('refuses %s', (_, drawing, message) => {
    expect(() => requireSafeSvg('figure.svg', drawing)).toThrow(message);
    expect(() => requireSafeSvg('figure.svg', drawing)).toThrow(/^figure\.svg must be a plain SVG drawing/);
  });
});
