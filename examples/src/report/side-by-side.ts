import type { Section } from '@lab/viz';
import { formatCount, formatSeconds } from '../progress/format.ts';
import type { MetricsRow } from '../run/metrics-log.ts';
import type { RunRecord } from '../run/record.ts';
import { beliefText, type Curve, chart, gradientText } from './curves.ts';
import { describeState } from './run-report.ts';

/** The animations of several runs. */
export function animations(runs: readonly RunRecord[]): Section[] {
  const figures = runs.flatMap(({ animation: gif, snapshots, config: { loss } }) => {
    if (gif === undefined) return [];
    const still = snapshots.at(-1)?.png;
    const alt = `Animation: sixteen samples during training with loss ${loss}`;
    return [{ gif, ...(still && { still }), alt, caption: `${loss}.` }];
  });
  return figures.length === 0 ? [] : [{ kind: 'gallery', heading: 'Training', figures }];
}

/** For each snapshot the grids of all runs that got so far. */
export function gridsByStep(runs: readonly RunRecord[]): Section[] {
  const steps = [...new Set(runs.flatMap(({ snapshots }) => snapshots.map(({ step }) => step)))].sort((a, b) => a - b);
  return steps.map((step) => ({
    kind: 'gallery',
    heading: `After ${formatCount(step)} steps`,
    figures: gridsAt(runs, step),
  }));
}

function gridsAt(runs: readonly RunRecord[], step: number) {
  return runs.flatMap(({ snapshots, config: { loss } }) =>
    snapshots
      .filter((snapshot) => snapshot.step === step)
      .map(({ png }) => ({ png, alt: `64 samples after ${step} steps with loss ${loss}`, caption: `${loss}.` })),
  );
}

const compared = [
  { metric: 'gGradNorm', text: { ...gradientText, title: "Norm of G's gradient" } },
  { metric: 'dReal', text: { ...beliefText, title: 'D(x), on real pictures' } },
  { metric: 'dFake', text: { ...beliefText, title: 'D(G(z)), on painted pictures' } },
  { metric: 'dLoss', text: { title: 'D loss', yLabel: 'nats' } },
  { metric: 'gLoss', text: { title: 'G loss; its zero means something else with each objective', yLabel: 'nats' } },
] as const satisfies { metric: Curve['metric']; text: object }[];

/** Each metric as a chart of its own, with a line a run. */
export function comparedCurves(runs: readonly RunRecord[]): Section[] {
  const figures = compared.flatMap(({ metric, text }) => {
    const curves = runs.map(({ rows, config: { loss } }) => ({ name: loss, rows, metric }));
    const svg = chart(text, curves);
    return svg === undefined ? [] : [{ svg, alt: text.title }];
  });
  return figures.map((figure, i) => ({
    kind: 'figure',
    ...(i === 0 && { heading: 'Curves' }),
    ...figure,
    caption: 'Line: median; band: 80% of the readings.',
  }));
}

/** How sure D is where a generator that is trained by minimax hardly learns. */
const sureOfFakes = 0.01;

/** One row a run: how it ended, and how strong the signal was that G learnt from. */
export function courseTable(runs: readonly RunRecord[]): Section {
  return {
    kind: 'table',
    heading: 'How the runs went',
    columns: [
      'loss',
      'ended',
      'time',
      `readings with D(G(z)) < ${sureOfFakes}`,
      "median of G's gradient",
      'smallest',
      'at step',
    ],
    rows: runs.map((run) => {
      const { rows, status, config } = run;
      const smallest = lowest(rows, 'gGradNorm');
      const sure = rows.filter(({ dFake }) => dFake < sureOfFakes).length / rows.length;
      return [
        config.loss,
        describeState(run),
        formatSeconds(status.seconds),
        rows.length === 0 ? null : `${(100 * sure).toFixed(0)}%`,
        median(rows.map(({ gGradNorm }) => gGradNorm)),
        smallest?.gGradNorm ?? null,
        smallest === undefined ? null : formatCount(smallest.step),
      ];
    }),
  };
}

function lowest(rows: readonly MetricsRow[], metric: keyof MetricsRow): MetricsRow | undefined {
  return rows.reduce<MetricsRow | undefined>(
    (best, row) => (best && best[metric] <= row[metric] ? best : row),
    undefined,
  );
}

function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}

/** What the runs have in common. */
export function sharedEntries(runs: readonly RunRecord[]): Section[] {
  const [run] = runs;
  if (run === undefined) return [];
  const { preset, seed, steps, batch, backend, data } = run.config;
  const entries = { preset, seed, steps, batch, data: data.name, backend, Node: run.status.machine.node };
  return [{ kind: 'keyValues', heading: 'Common to all runs', entries }];
}
