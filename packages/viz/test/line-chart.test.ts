import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineChart, type LineChartOptions, type LineSeries } from '../src/index.ts';
import { attribute, elements, parseXml, plotOf, type Point, runsOf, texts, yTicks } from './support/read-svg.ts';

const draw = (options: Partial<LineChartOptions> & Pick<LineChartOptions, 'series'>) =>
  parseXml(lineChart({ title: 'Losses', ...options }));

const line = (y: readonly number[], x = y.map((_, i) => i)): LineSeries => ({ name: 'D', x, y });

const drawn = (root: ReturnType<typeof draw>): Point[] =>
  [...elements(root, 'path', 'line'), ...elements(root, 'path', 'dots'), ...elements(root, 'path', 'band')]
    .filter((path) => path.parentNode?.nodeName === 'svg')
    .flatMap(runsOf)
    .flat();

const inPlot = (root: ReturnType<typeof draw>) => {
  const { left, top, right, bottom } = plotOf(root);
  // Coordinates are rounded to a tenth of a pixel.
  return ({ x, y }: Point) => x >= left - 0.1 && x <= right + 0.1 && y >= top - 0.1 && y <= bottom + 0.1;
};

const anyNumber = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.double({ noDefaultInfinity: true }),
  fc.constantFrom(NaN, Infinity, -Infinity, 0, 5e-324, -1e300, 1e300),
);
const anySeries = fc
  .array(fc.tuple(fc.double({ min: -1e9, max: 1e9, noNaN: true }), anyNumber, anyNumber), { maxLength: 80 })
  .map((points) => {
    const sorted = points.toSorted((a, b) => a[0] - b[0]);
    const [x, y, upper] = [0, 1, 2].map((k) => sorted.map((point) => point[k]!));
    return { name: 'a', x: x!, y: y!, band: { lower: y!, upper: upper! } };
  });

describe('lineChart', () => {
  it('draws every value within the plot, and the plot within the picture, whatever the numbers', () => {
    const charts = fc.record({
      series: fc.array(anySeries, { minLength: 1, maxLength: 3 }),
      yScale: fc.constantFrom('linear' as const, 'log' as const),
      width: fc.integer({ min: 240, max: 900 }),
    });
    fc.assert(
      fc.property(charts, (chart) => {
        const root = draw({ ...chart, xLabel: 'step', yLabel: 'nats' });
        const { left, top, right, bottom } = plotOf(root);
        expect(left).toBeGreaterThan(0);
        expect(right).toBeLessThan(chart.width);
        expect(top).toBeLessThan(bottom);
        expect(bottom).toBeLessThan(420);
        expect(drawn(root).filter((point) => !inPlot(root)(point))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('puts each value where the labels of the axis say', () => {
    const y = [0, 1, 2.5, 4, 3.2];
    const root = draw({ series: [line(y)] });
    const ticks = yTicks(root);
    const [low, high] = [ticks[0]!, ticks.at(-1)!];
    expect([low, high].map(({ label }) => Number(label))).toEqual([0, 4]);
    const perUnit = (high.y - low.y) / (Number(high.label) - Number(low.label));
    const [run] = runsOf(elements(root, 'path', 'line')[0]!);
    run!.forEach((point, i) => expect(point.y).toBeCloseTo(low.y + perUnit * (y[i]! - Number(low.label)), 0));
    const { left, right } = plotOf(root);
    run!.forEach((point, i) => expect(point.x).toBeCloseTo(left + ((right - left) * i) / 4, 0));
  });

  it('puts each decade at the same distance on a logarithmic axis', () => {
    const root = draw({ yScale: 'log', series: [line([0.001, 0.01, 0.1, 1, 10])] });
    const rows = runsOf(elements(root, 'path', 'line')[0]!)[0]!.map(({ y }) => y);
    const steps = rows.slice(1).map((row, i) => rows[i]! - row);
    steps.forEach((step) => expect(step).toBeCloseTo(steps[0]!, 0));
    expect(steps[0]).toBeGreaterThan(40);
    expect(yTicks(root).map(({ label }) => label)).toEqual(expect.arrayContaining(['0.001', '0.01', '0.1', '1', '10']));
  });

  it('leaves zeros and negative values out of a logarithmic axis, and says so', () => {
    const root = draw({ yScale: 'log', series: [line([1, 0, 10, -2, 100, Infinity])] });
    expect(texts(root)).toContain('Not drawn: 1 infinite value, 2 zero or negative values (logarithmic axis).');
    expect(runsOf(elements(root, 'path', 'dots')[0]!)).toHaveLength(3);
  });

  it('breaks the line at NaN, without a word', () => {
    const root = draw({ series: [line([1, 2, NaN, 3, 4, 5, NaN, 6])] });
    expect(runsOf(elements(root, 'path', 'line')[0]!).map(({ length }) => length)).toEqual([2, 3]);
    // The lone point at the end is a dot, as all points of a short series are.
    expect(runsOf(elements(root, 'path', 'dots')[0]!)).toHaveLength(6);
    expect(texts(root).join()).not.toContain('Not drawn');
  });

  it('shows a lone point between gaps of a long series', () => {
    const y = Array.from({ length: 300 }, (_, i) => (i > 100 && i < 200 && i !== 150 ? NaN : i));
    const dots = elements(draw({ series: [line(y)] }), 'path', 'dots');
    expect(dots.flatMap(runsOf)).toHaveLength(1);
  });

  it('keeps a chart of a million points small, with its one spike', () => {
    const x = Float64Array.from({ length: 1_000_000 }, (_, i) => i);
    const y = x.map((step) => (step === 700_003 ? 9 : Math.sin(step) / 2));
    const svg = lineChart({ title: 'Spike', series: [{ name: 'loss', x, y }] });
    expect(svg.length).toBeLessThan(60_000);
    const root = parseXml(svg);
    const points = runsOf(elements(root, 'path', 'line')[0]!).flat();
    const { left, right } = plotOf(root);
    const highest = points.reduce((a, b) => (b.y < a.y ? b : a));
    expect(highest.x).toBeCloseTo(left + 0.7 * (right - left), 0);
  });

  it('cuts off what lies outside yRange', () => {
    const root = draw({ yRange: [0, 1], series: [line([0.5, 1e200, 0.2, -40])] });
    expect(elements(root, 'svg', 'plot')[0]!.getAttribute('overflow')).toBe('hidden');
    expect(yTicks(root).map(({ label }) => Number(label))).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(drawn(root).every(({ y }) => Math.abs(y) < 2e4)).toBe(true);
  });

  it('tells series apart without colour: 64 differ in dash or palette, the first eight in dash', () => {
    const series = Array.from({ length: 64 }, (_, i) => ({ ...line([i, i]), name: `s${i}` }));
    const lines = elements(draw({ series, height: 900, legend: false }), 'path', 'line');
    const dashes = lines.map((each) => each.getAttribute('stroke-dasharray'));
    expect(new Set(dashes.slice(0, 8)).size).toBe(8);
    expect(new Set(lines.map((each, i) => `${each.getAttribute('class')} ${dashes[i]}`)).size).toBe(64);
  });

  it('has a legend for two series and more', () => {
    expect(texts(draw({ series: [line([1])] }))).not.toContain('D');
    expect(texts(draw({ series: [line([1])], legend: true }))).toContain('D');
    const two = draw({ series: [line([1]), { ...line([2]), name: 'G' }] });
    expect(texts(two)).toEqual(expect.arrayContaining(['D', 'G']));
    expect(elements(two, 'g', 'entry')).toHaveLength(2);
  });

  it('labels marks and references without letting labels overlap', () => {
    const marks = [0, 1, 2, 50, 100].map((x) => ({ x, label: `snapshot ${x}` }));
    const root = draw({ series: [line([1, 2], [0, 100])], marks, references: [{ y: 1.5, label: 'chance' }] });
    expect(texts(root)).toEqual(expect.arrayContaining(['snapshot 50', 'snapshot 100', 'chance']));
    const labels = elements(root, 'text').filter((text) => text.textContent?.startsWith('snapshot'));
    const places = labels.map((label) => `${Math.round(attribute(label, 'x') / 40)} ${attribute(label, 'y')}`);
    expect(new Set(places).size).toBe(places.length);
    // Where there is no room for a label, the line still has a tool tip.
    expect(elements(root, 'title').map(({ textContent }) => textContent)).toEqual(
      expect.arrayContaining(marks.map(({ label }) => label)),
    );
  });

  it('draws a reference under the lines: a curve that lies on it stays visible', () => {
    const svg = lineChart({ title: 'Losses', series: [line([2, 2, 2])], references: [{ y: 2, label: 'chance' }] });
    const [reference, plot, label] = ['class="mark"', 'class="plot"', '>chance<'].map((part) => svg.lastIndexOf(part));
    expect(reference).toBeGreaterThan(0);
    expect(plot).toBeGreaterThan(reference!);
    expect(label).toBeGreaterThan(plot!);
  });

  it('can be read by a screen reader', () => {
    const root = draw({ xLabel: 'step', yLabel: 'nats', series: [line([3, 1, 2], [0, 500, 1000])] });
    expect(root.getAttribute('role')).toBe('img');
    expect(elements(root, 'title')[0]!.textContent).toBe('Losses');
    expect(elements(root, 'desc')[0]!.textContent).toBe(
      'Line chart. nats against step. D: 3 points, from 3 at 0 to 2 at 1,000; lowest 1, highest 3.',
    );
    expect(elements(draw({ series: [line([1])], description: 'Mine' }), 'desc')[0]!.textContent).toBe('Mine');
  });

  it('is dark only on screens that ask for it, and refers to nothing outside', () => {
    const svg = lineChart({ title: 'Losses', series: [line([1, 2])] });
    expect(svg).toContain('@media screen and (prefers-color-scheme:dark)');
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|href|@import/);
  });

  it('escapes every text it is given', () => {
    const evil = `<script>alert("1")</script>&'\u0000\ud800`;
    const root = draw({
      title: evil,
      xLabel: evil,
      yLabel: evil,
      description: evil,
      series: [line([1]), { ...line([2]), name: evil }],
      marks: [{ x: 0, label: evil }],
      references: [{ y: 1, label: evil }],
    });
    expect(elements(root, 'script')).toEqual([]);
    const expected = evil.replace('\u0000', '\ufffd').replace('\ud800', '\ufffd');
    expect(texts(root).filter((text) => text === expected).length).toBeGreaterThanOrEqual(5);
  });

  it('says so when there is nothing to draw', () => {
    for (const y of [[], [NaN], [Infinity, -Infinity]]) {
      expect(texts(draw({ series: [line(y)] }))).toContain('No finite values to draw');
    }
  });

  it('gives the same string for the same options', () => {
    const options = { title: 'Losses', series: [line([1, 2, 3])] };
    expect(lineChart(options)).toBe(lineChart(options));
  });

  const ok = line([1, 2]);
  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /lineChart: expected options \{ title, series, \.\.\. \}; got undefined/],
    ['no title', { series: [ok] }, /title must be a string; got undefined/],
    ['an empty title', { title: ' ', series: [ok] }, /title must not be empty; give it some text/],
    ['no series', { title: 'a', series: [] }, /at least one series \{ name, x, y \}; got none/],
    ['one series for a list', { title: 'a', series: ok }, /series must be an array of series.*fields \{name, x, y\}/],
    [
      'a short y',
      { title: 'a', series: [{ ...ok, y: [1] }] },
      /series\[0\]\.y must have one value for each x \(2\); got 1/,
    ],
    ['a short band', { title: 'a', series: [{ ...ok, band: { lower: [1], upper: [1, 2] } }] }, /band\.lower must have/],
    ['numbers in words', { title: 'a', series: [{ ...ok, y: [1, '2'] }] }, /y\[1\] must be a number.*got "2"/],
    ['bigints', { title: 'a', series: [{ ...ok, y: new BigUint64Array(2) }] }, /must be an array of numbers/],
    ['a falling x', { title: 'a', series: [{ ...ok, x: [2, 1] }] }, /x must not fall; got 1 at 1 after 2\. Sort/],
    ['NaN in x', { title: 'a', series: [{ ...ok, x: [0, NaN] }] }, /x\[1\] must be finite .*; got NaN/],
    ['zero on a log axis', { title: 'a', xScale: 'log', series: [ok] }, /x\[0\] must be finite and above 0.*; got 0/],
    [
      'an unknown scale',
      { title: 'a', yScale: 'sqrt', series: [ok] },
      /yScale must be one of 'linear', 'log'; got "sqrt"/,
    ],
    [
      'a falling range',
      { title: 'a', yRange: [1, 0], series: [ok] },
      /yRange must be two finite numbers.*got \[1, 0\]/,
    ],
    [
      'a range below a log axis',
      { title: 'a', yScale: 'log', yRange: [0, 1], series: [ok] },
      /yRange\[0\] must be .*above 0/,
    ],
    [
      'a colour that is more',
      { title: 'a', series: [{ ...ok, colour: 'red;}' }] },
      /colour must be a CSS colour such as/,
    ],
    ['a tiny picture', { title: 'a', width: 10, series: [ok] }, /width must be an integer from 240 to 4000; got 10/],
    [
      'a mark nowhere',
      { title: 'a', series: [ok], marks: [{ label: 'a' }] },
      /marks\[0\]\.x must be a number; got undefined/,
    ],
    [
      'more legend than there is room for',
      { title: 'a', height: 160, series: Array.from({ length: 40 }, () => ok) },
      /lineChart: height must be at least \d+ to hold .*; got 160\. Make it higher/,
    ],
  ])('refuses %s', (_, options, message) => {
    expect(() => lineChart(options as LineChartOptions)).toThrow(message);
  });
});
