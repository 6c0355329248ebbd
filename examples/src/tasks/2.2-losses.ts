import type { Section } from '@lab/viz';
import { formatCount } from '../progress/format.ts';
import { describeState, gridFigure, notices } from '../report/run-report.ts';
import type { Quality } from '../judge/quality.ts';
import { animations, comparedCurves, courseTable, gridsByStep, sharedEntries } from '../report/side-by-side.ts';
import { scoresTable } from '../report/scores-table.ts';
import { writeReport } from '../report/write-report.ts';
import { meanBefore, type RunRecord } from '../run/record.ts';
import { type Comparison, runComparison } from './comparison.ts';
import { type Task, trainingOptions } from './task.ts';

const comparison: Comparison = {
  losses: ['logistic', 'non-saturating', 'minimax-stable'],
  mayDiverge: ['non-saturating'],
  writeReport: writeComparison,
};

/** Lab task 2.2: the logistic loss beside the others, and few iterations beside many. */
export const task22: Task = {
  name: '2.2',
  summary: 'the losses at equal seeds, and a fifth of the steps against all (20k and 100k): a joint report',
  options: trainingOptions,
  run: (request, context) => runComparison(comparison, request, context),
};

async function writeComparison(folder: string, runs: readonly RunRecord[]): Promise<void> {
  await writeReport(folder, {
    title: 'Task 2.2: losses, and the number of iterations',
    subtitle: runs.map((run) => `${run.config.loss}: ${describeState(run)}`).join('; '),
    sections: [
      { kind: 'text', heading: 'What is compared', paragraphs: introduction },
      ...runs.flatMap(notices),
      courseTable(runs),
      ...partingTable(runs),
      ...animations(runs),
      ...comparedCurves(runs),
      ...gridsByStep(runs),
      ...scoresTable(runs),
      {
        kind: 'text',
        heading: 'Few iterations against many',
        paragraphs: [...fewAgainstMany, ...runs.flatMap(measured)],
      },
      ...runs.flatMap(earlyAndLate),
      earlyAndLateTable(runs),
      ...sharedEntries(runs),
    ],
    generator: "Made by the lab's task 2.2.",
  });
}

const introduction = [
  'Three runs that differ in nothing but the loss: same first weights, same batches, same latents.',
  'logistic and non-saturating are one objective, -mean log D(G(z)) for G, in two arithmetics: from logits, and from ' +
    'probabilities. They train alike but for rounding, which a GAN, like any chaotic system, magnifies from step to step: the ' +
    'pictures come to differ, their kind does not.',
  "minimax-stable is another objective, mean log(1 - D(G(z))): its gradient on D's logit is D(G(z)), where that of the " +
    'other two is 1 - D(G(z)). The difference matters most while D wins.',
];

const fewAgainstMany = [
  'More iterations sharpen strokes and remove speckle. With the non-saturating losses they also cost variety: G is ' +
    'rewarded for a few safe digits, and a D that judges each picture alone cannot object. Count the classes in each grid.',
  'The loss curves show neither: the two players are measured against each other, not against the data.',
];

/** What the scores of a run's early and late snapshot say of it. */
function measured(run: RunRecord): string[] {
  const { scores, config } = run;
  const [early, late] = twoSnapshots(run).map(({ step }) => scores?.snapshots.find((each) => each.step === step));
  if (scores === undefined || early === undefined || late === undefined) return [];
  const best = scores.snapshots.reduce((least, each) => (each.frechet < least.frechet ? each : least));
  const from = (read: (quality: Quality) => number, digits: number) =>
    `${read(early).toFixed(digits)} to ${read(late).toFixed(digits)}`;
  return [
    `Measured, ${config.loss}, from step ${formatCount(early.step)} to ${formatCount(late.step)}: the judge is sure of a share ` +
      `of ${from(({ sure }) => sure, 2)} of the samples, the entropy of the classes goes from ${from(({ entropy }) => entropy, 3)}, recall from ` +
      `${from(({ recall }) => recall, 2)}, and the Fréchet distance from ${from(({ frechet }) => frechet, 1)} (real digits: ` +
      `${scores.floor.frechet.toFixed(1)}). The distance is least at step ${formatCount(best.step)}: ` +
      (best.step < late.step ? 'stopping there beats a fixed count.' : 'more steps have not done harm here.'),
  ];
}

/** Up to where the two arithmetics of one objective agree. */
function partingTable(runs: readonly RunRecord[]): Section[] {
  const [logistic, nonSaturating] = runs;
  if (nonSaturating?.config.loss !== 'non-saturating' || logistic === undefined) return [];
  const parted = (tolerance: number): string => {
    const row = logistic.rows.find(({ step, dLoss }) => {
      const other = nonSaturating.rows.find((each) => each.step === step);
      return other !== undefined && Math.abs(other.dLoss - dLoss) > tolerance * Math.abs(dLoss);
    });
    return row === undefined ? 'never' : `step ${formatCount(row.step)}`;
  };
  const rows = [0.0001, 0.01, 0.1].map((tolerance) => [`${100 * tolerance}%`, parted(tolerance)]);
  const caption = 'logistic and non-saturating: one function, two ways to compute it.';
  const columns = ["D's losses first differ by more than", 'at'];
  return [{ kind: 'table', heading: 'Same objective, other arithmetic', columns, rows, caption }];
}

/** The snapshot at a fifth of the way (20k of 100k) and the last one. */
function twoSnapshots({ snapshots, config: { steps } }: RunRecord) {
  const early = snapshots.findLast(({ step }) => step <= steps / 5) ?? snapshots[0];
  const late = snapshots.at(-1);
  return early === undefined || late === undefined || early === late ? [] : [early, late];
}

function earlyAndLate(run: RunRecord): Section[] {
  const figures = twoSnapshots(run).map(gridFigure);
  return figures.length === 0 ? [] : [{ kind: 'gallery', heading: `Few and many: ${run.config.loss}`, figures }];
}

const shown = ['dLoss', 'gLoss', 'dReal', 'dFake', 'gGradNorm'] as const;

function earlyAndLateTable(runs: readonly RunRecord[]): Section {
  return {
    kind: 'table',
    columns: ['loss', 'step', 'D loss', 'G loss', 'D(x)', 'D(G(z))', "G's gradient"],
    rows: runs.flatMap((run) =>
      twoSnapshots(run).map(({ step }) => [
        run.config.loss,
        formatCount(step),
        ...shown.map((metric) => meanBefore(run.rows, step, metric)),
      ]),
    ),
    caption: 'Means over the readings of the last tenth of the steps up to there.',
  };
}
