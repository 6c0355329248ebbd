import type { Interval, Scores } from '@lab/metrics';
import { formatCount } from '../progress/format.ts';
import type { PictureScores } from './score-pictures.ts';

/** The scores as a table for people: each with its 95% interval, and that of as many real pictures. */
export function describeScores({ samples, floor, copies, parzen }: PictureScores): string {
  const rows = [
    ['', 'pictures', '95% interval', 'real ones', ''],
    ...measures.map(([name, read, best]) => scoreRow(name, read(samples), read(floor), best)),
    ['nearer to training than new', copies.nearerThanHeldOut.toFixed(3), '', '0.500', '1 for copies'],
    [
      'Parzen window, nats',
      parzen.samples.logLikelihood.toFixed(1),
      '',
      parzen.ceiling.logLikelihood.toFixed(1),
      'history',
    ],
  ];
  return [
    `${formatCount(samples.count)} pictures`,
    ...align(rows.filter((row) => row.length > 0)),
    '',
    ...describeClasses(samples),
  ].join('\n');
}

type Read = (scores: Scores) => Interval | undefined;

const measures: readonly (readonly [name: string, read: Read, best: string])[] = [
  ['Fréchet distance', ({ frechet }) => frechet, 'down'],
  ['kernel distance', ({ kernel }) => kernel, 'down'],
  ['precision', ({ precision }) => precision, 'up'],
  ['recall', ({ recall }) => recall, 'up'],
  ['density', ({ density }) => density, 'up'],
  ['coverage', ({ coverage }) => coverage, 'up'],
  ['classifier score, of 10', ({ classifierScore }) => classifierScore, 'up'],
  ['entropy of the classes', ({ entropy }) => entropy, 'up'],
  ['shows what was asked for', ({ conditional }) => conditional?.accuracy, 'up'],
  ['mean confidence', ({ classes }) => alone(classes.confidence / classes.count), 'up'],
  ['one stroke, legal holes', ({ anatomy }) => anatomy && alone(anatomy.rates.both), 'up'],
  ['less often than real ones', ({ anatomy }) => anatomy?.gap && alone(anatomy.gap.both), 'down'],
];

function scoreRow(name: string, score: Interval | undefined, floor: Interval | undefined, best: string): string[] {
  if (score === undefined) return [];
  const { value, low, high } = score;
  const interval = low === high ? '' : `${number(low)} to ${number(high)}`;
  return [name, number(value), interval, floor === undefined ? '' : number(floor.value), best];
}

/** The classes that the judge sees and, where it is known, how often they are what was asked for. */
function describeClasses({ classes, conditional, anatomy }: Scores): string[] {
  const shares = classes.histogram.map((count) => `${((100 * count) / classes.count).toFixed(1)}%`);
  const built = anatomy?.perClass.map(({ both, count }) => share(both, count));
  const right = conditional?.perClass.map(({ accuracy }) => share(accuracy, 1));
  const rows = [
    ['digit', ...shares.map((_, label) => String(label))],
    ['share', ...shares],
    ...(built ? [['well built', ...built]] : []),
    ...(right ? [['as asked', ...right]] : []),
  ];
  return align(rows);
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
}

function share(part: number, whole: number): string {
  return whole === 0 || Number.isNaN(part) ? '-' : (part / whole).toFixed(2);
}

function alone(value: number): Interval {
  return { value, low: value, high: value };
}

function number(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(1) : value.toPrecision(3);
}
