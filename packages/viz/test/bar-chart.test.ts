import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barChart, type BarChartOptions } from '../src/index.ts';
import { attribute, elements, parseXml, texts, yTicks } from './support/read-svg.ts';

const digits = [...'0123456789'];
const draw = (options: Partial<BarChartOptions> & Pick<BarChartOptions, 'categories' | 'series'>) =>
  parseXml(barChart({ title: 'Classes', ...options }));

const barsOf = (root: ReturnType<typeof draw>) =>
  elements(root, 'rect', 'bar').filter(
    ({ parentNode }) => (parentNode as typeof root).getAttribute('class') !== 'entry',
  );

describe('barChart', () => {
  it('draws a bar for each value, from zero, as long as the axis says', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), (all) => {
        const series = all.map((each, i) => ({ name: `s${i}`, values: each }));
        const root = draw({ categories: ['a', 'b', 'c'], series });
        const bars = barsOf(root);
        expect(bars).toHaveLength(all.flat().length);
        const ticks = yTicks(root).map(({ label, y }) => ({ value: Number(label.replace('−', '-')), y }));
        const zero = ticks.find(({ value }) => value === 0)!;
        const other = ticks.find(({ value }) => value !== 0)!;
        const perUnit = (zero.y - other.y) / other.value;
        bars.forEach((bar, i) => {
          const value = all.flat()[i]!;
          expect(Math.abs(attribute(bar, 'height') - Math.abs(value) * perUnit)).toBeLessThan(0.5);
          const base = attribute(bar, 'y') + (value > 0 ? attribute(bar, 'height') : 0);
          expect(Math.abs(base - zero.y)).toBeLessThan(0.3);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('is as large as by default where a size is undefined', () => {
    const options = { categories: ['a'], series: [{ name: 's', values: [1] }] };
    const undecided = { ...options, width: undefined, height: undefined } as unknown as typeof options;
    expect(attribute(draw(undecided), 'height')).toBe(340);
    expect(attribute(draw(undecided), 'width')).toBe(760);
  });

  it('sets bars side by side, none over another, all in the picture', () => {
    const series = ['a', 'b', 'c'].map((name) => ({ name, values: digits.map(Number) }));
    const bars = barsOf(draw({ categories: digits, series }))
      .map((bar) => ({ left: attribute(bar, 'x'), right: attribute(bar, 'x') + attribute(bar, 'width') }))
      .sort((a, b) => a.left - b.left);
    bars.slice(1).forEach(({ left }, i) => expect(left).toBeGreaterThan(bars[i]!.right - 0.2));
    expect(bars[0]!.left).toBeGreaterThan(0);
    expect(bars.at(-1)!.right).toBeLessThan(760);
  });

  it('writes values above bars, as shares where asked for, and a dash for a missing one', () => {
    const series = [{ name: 'samples', values: [0.125, NaN, 0.5] }];
    const root = draw({ categories: ['a', 'b', 'c'], series, yFormat: 'percent' });
    expect(texts(root)).toEqual(expect.arrayContaining(['12.5%', '–', '50%']));
    expect(barsOf(root)).toHaveLength(2);
    expect(texts(draw({ categories: ['a', 'b', 'c'], series, showValues: false }))).not.toContain('0.125');
  });

  it('keeps values of negative bars off the category labels', () => {
    const root = draw({ categories: ['a', 'b'], series: [{ name: 'x', values: [-4, 2] }] });
    const row = (label: string) =>
      attribute(
        elements(root, 'text').find((text) => text.textContent === label && !text.hasAttribute('dy'))!,
        'y',
      );
    expect(row('a') - row('−4')).toBeGreaterThan(12);
  });

  it('wraps long category labels, tilts longer ones, and keeps their full text', () => {
    const series = [{ name: 'ms', values: [1, 2, 3, 4] }];
    const wrapped = draw({ categories: ['plain WebAssembly of tfjs', 'b', 'c', 'd'], series });
    expect(texts(wrapped).join(' ')).toContain('plain WebAssembly of tfjs');
    expect(elements(wrapped, 'text').some((text) => text.getAttribute('transform')?.includes('rotate(-35)'))).toBe(
      false,
    );
    const long = 'incomprehensibilities-and-then-some-more';
    const tilted = draw({ categories: [long, 'b', 'c', 'd'], series, width: 400 });
    expect(elements(tilted, 'text').some((text) => text.getAttribute('transform')?.includes('rotate(-35)'))).toBe(true);
    expect(elements(tilted, 'title').map(({ textContent }) => textContent)).toContain(long);
  });

  it('tells series apart without colour: full, hatched, outlined', () => {
    const series = ['a', 'b', 'c'].map((name) => ({ name, values: [1] }));
    const root = draw({ categories: ['x'], series });
    expect(barsOf(root).map((bar) => bar.getAttribute('class')!.includes('pale'))).toEqual([false, true, true]);
    // One in the chart, one in the legend.
    expect(elements(root, 'path', 'hatch')).toHaveLength(2);
  });

  it('draws references, and can be read by a screen reader', () => {
    const series = [{ name: 'samples', values: [10, 20] }];
    const root = draw({
      categories: ['0', '1'],
      series,
      xLabel: 'digit',
      yLabel: 'count',
      references: [{ y: 15, label: 'uniform' }],
    });
    expect(texts(root)).toContain('uniform');
    expect(root.getAttribute('role')).toBe('img');
    expect(elements(root, 'desc')[0]!.textContent).toBe('Bar chart. count by digit. samples: 0: 10, 1: 20.');
  });

  it('escapes every text it is given', () => {
    const evil = `<script>alert("1")</script>&'`;
    const series = [
      { name: evil, values: [1] },
      { name: 'b', values: [2] },
    ];
    const root = draw({
      title: evil,
      categories: [evil],
      series,
      xLabel: evil,
      yLabel: evil,
      references: [{ y: 1, label: evil }],
    });
    expect(elements(root, 'script')).toEqual([]);
    expect(texts(root).filter((text) => text === evil).length).toBeGreaterThanOrEqual(5);
  });

  const ok = { name: 'a', values: [1, 2] };
  const categories = ['x', 'y'];
  it.each<[string, unknown, RegExp]>([
    ['nothing', null, /barChart: expected options .* got null/],
    ['no category', { title: 'a', categories: [], series: [ok] }, /categories must hold at least one label; got none/],
    [
      'a number for a category',
      { title: 'a', categories: [1, 2], series: [ok] },
      /categories\[0\] must be a string; got 1/,
    ],
    ['no series', { title: 'a', categories, series: [] }, /at least one series \{ name, values \}; got none/],
    [
      'too many values',
      { title: 'a', categories: ['x'], series: [ok] },
      /one value for each category \(1\); got 2\. Use NaN/,
    ],
    [
      'infinity',
      { title: 'a', categories, series: [{ name: 'a', values: [1, Infinity] }] },
      /values\[1\] must be finite/,
    ],
    [
      'an unknown format',
      { title: 'a', categories, series: [ok], yFormat: 'euro' },
      /one of 'number', 'percent'; got "euro"/,
    ],
    [
      'no room',
      { title: 'a', categories, series: Array(60).fill(ok), height: 200 },
      /barChart: height must be at least/,
    ],
  ])('refuses %s', (_, options, message) => {
    expect(() => barChart(options as BarChartOptions)).toThrow(message);
  });
});
