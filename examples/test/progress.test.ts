import { describe, expect, it } from 'vitest';
import { consoleReporter } from '../src/progress/console-reporter.ts';
import { formatSeconds, roughly } from '../src/progress/format.ts';

const step = {
  event: 'step',
  steps: 100_000,
  step: 100_000,
  imagesSeen: 12_800_000,
  dLoss: 0.5551,
  gLoss: 2.5,
  dReal: 0.86,
  dFake: 0.2,
  dGradNorm: 1,
  gGradNorm: 1,
  imagesPerSecond: 26_304,
  secondsLeft: 452,
} as const;

/** Back to the start of the line, and clear it. */
const redraw = '\r\u001b[2K';

function reporting(isTTY: boolean, columns: number) {
  let said = '';
  const report = consoleReporter({ write: (text) => (said += text), isTTY, columns });
  report(step);
  return said;
}

describe('consoleReporter', () => {
  it('writes a plain line where there is no terminal', () => {
    expect(reporting(false, 80)).toBe(
      'step 100000/100000  loss D 0.555 G 2.500  D(x) 0.860 D(G(z)) 0.200  26,304 images/s  7 min 32 s left\n',
    );
  });

  it('redraws one line on a terminal, and fits it in', () => {
    expect(reporting(true, 120)).toBe(`${redraw}${reporting(false, 80).trimEnd()}`);
    const narrow = reporting(true, 80);
    const brief = '100000/100000 D 0.56 G 2.50 D(x) 0.86 D(G(z)) 0.20 26.3k img/s 7 min 32 s left';
    expect(narrow).toBe(`${redraw}${brief}`);
    expect(reporting(true, 20)).toBe(`${redraw}${brief.slice(0, 19)}`);
  });
});

describe('formatSeconds', () => {
  it('says what a reader wants to know', () => {
    expect([0.04, 9.95, 59.6, 95, 7500, 7199.9, Infinity].map(formatSeconds)).toEqual([
      '0.0 s',
      '10 s',
      '1 min 0 s',
      '1 min 35 s',
      '2 h 5 min',
      '2 h 0 min',
      '?',
    ]);
    expect([20, 75, 500, 9000].map(roughly)).toEqual(['less than a minute', 'about 1 min', 'about 8 min', 'about 3 h']);
  });
});
