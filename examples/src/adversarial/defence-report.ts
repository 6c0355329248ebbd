import { lineChart, type ReportOptions, type Section } from '@lab/viz';
import { budget, type DefenceSetting, sweptBudgets } from './defence-settings.ts';
import type { DefenceFindings, Robustness } from './measure-defence.ts';
import type { DefenceReading } from './train-defence.ts';

/** What the report is made of; the rest of `results.json` says how it was made. */
export interface DefenceResults {
  readonly preset: string;
  readonly seed: number;
  readonly seconds: { readonly training: number; readonly measuring: number };
  readonly setting: DefenceSetting;
  readonly readings: readonly DefenceReading[];
  readonly defended: DefenceFindings;
  readonly plain: DefenceFindings;
}

/** The report of task 2.4-defence as one page. */
export function defenceReport(results: DefenceResults): ReportOptions {
  const { preset, seed, seconds, setting, readings, defended, plain } = results;
  const { steps, batch, attackSteps } = setting;
  return {
    title: 'Task 2.4: a classifier that withstands',
    subtitle:
      `Preset ${preset}, seed ${seed}: ${steps} steps of ${batch} pictures in ${seconds.training} s, ` +
      `measured in ${seconds.measuring} s.`,
    sections: [
      { kind: 'text', heading: 'How', paragraphs: explanation(attackSteps) },
      findingsTable({ defended, plain }),
      sweepFigure({ defended, plain }),
      blackBoxNote(defended),
      trainingFigure(readings),
    ],
    generator: "Made by the lab's task 2.4-defence.",
  };
}

function explanation(attackSteps: number): string[] {
  return [
    `Before each step of the training its pictures are attacked with the weights of that moment: ${attackSteps} ` +
      `signed steps from a random point of the ball of radius ${budget} (Madry et al. 2018, equation 2.1). The budget grows over ` +
      'the first third, and the learning rate rises and falls as with Wong, Rice & Kolter 2020.',
    'Robust is the share of all pictures that are read correctly and withstand FGSM and every restart of PGD. Each attack ' +
      'is spent on the pictures alone that withstood those before it: the figure is the same, and sooner there.',
  ];
}

type Pair = Record<'defended' | 'plain', DefenceFindings>;

const names = { defended: 'trained on attacked pictures', plain: 'the judge, trained without' };

function findingsTable(pair: Pair): Section {
  const row = (name: string, { count, clean, robust, robustOfCorrect, attacks }: Robustness) => [
    name,
    count,
    percent(clean),
    percent(robust),
    percent(robustOfCorrect),
    attacks.map((attack) => `${attack.name}: ${attack.fooled} of ${attack.tried}`).join('; '),
  ];
  return {
    kind: 'table',
    heading: `Under attack at L-inf ${budget}`,
    columns: ['classifier', 'pictures', 'clean', 'robust', 'of those read correctly', 'fooled'],
    rows: [
      row(names.defended, pair.defended.white),
      row(names.plain, pair.plain.white),
      row(`${names.defended}: black box alone`, pair.defended.black),
      row(`${names.plain}: black box alone`, pair.plain.black),
    ],
    caption: 'Robust: the worst over all attacks and restarts, as a share of all pictures.',
  };
}

function sweepFigure(pair: Pair): Section {
  const series = (['defended', 'plain'] as const).map((which) => ({
    name: names[which],
    x: [0, ...sweptBudgets],
    y: [pair[which].white.clean, ...pair[which].sweep],
  }));
  const svg = lineChart({
    title: 'Accuracy left by PGD-40',
    series,
    xLabel: 'epsilon, L-inf',
    yLabel: 'share read correctly',
    yRange: [0, 1],
  });
  const caption = `One random start, on at most 500 pictures. Nothing was promised above ${budget}.`;
  return { kind: 'figure', heading: 'By budget', svg, alt: 'Accuracy by epsilon of both classifiers', caption };
}

function blackBoxNote({ white, black }: DefenceFindings): Section {
  const isMasked = black.robustOfCorrect < white.robustOfCorrect;
  return {
    kind: 'notice',
    level: isMasked ? 'warning' : 'info',
    text: isMasked
      ? 'SPSA, which sees no gradient, fools a larger share than the attacks by gradient: the gradients are masked.'
      : 'SPSA, which sees no gradient, fools no more than the attacks by gradient: what withstands them is no masking of gradients.',
  };
}

function trainingFigure(readings: readonly DefenceReading[]): Section {
  const x = readings.map(({ step }) => step);
  const series = [{ name: 'attacked pictures of the step', x, y: readings.map(({ accuracy }) => accuracy) }];
  const svg = lineChart({ title: 'Training', series, xLabel: 'step', yLabel: 'share read correctly', yRange: [0, 1] });
  return { kind: 'figure', heading: 'Training', svg, alt: 'Accuracy on attacked pictures by step' };
}

function percent(share: number): string {
  return Number.isNaN(share) ? '-' : `${(100 * share).toFixed(1)}%`;
}
