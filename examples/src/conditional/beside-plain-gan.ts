import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { barChart, type Section } from '@lab/viz';
import { formatCount } from '../progress/format.ts';
import { readJson } from '../run/read-files.ts';
import type { SnapshotScores } from '../results/snapshot-scores.ts';
import { type ResultSummary, summaryFile } from '../results/write-result.ts';
import type { Judgement } from './judge-classes.ts';

/** The recorded run of task 2.2 that a conditional run is held against: the same networks and loss, without labels. */
const plainResult = fileURLToPath(new URL('../../results/logistic-lab-seed0', import.meta.url));

/** A conditional run's judgement at a step. */
export interface JudgedStep {
  readonly step: number;
  readonly judgement: Judgement;
}

/** The run's Fréchet distances, entropies and classes beside those of a GAN that isn't told the class. */
export async function besidePlainGan(judged: readonly JudgedStep[]): Promise<Section[]> {
  const last = judged.at(-1);
  const plain = (await readJson<ResultSummary>(join(plainResult, summaryFile)))?.scores;
  if (last === undefined || plain === undefined) return [];
  return [comparisonTable(judged, plain), histogram(last, plainNearest(plain, last.step))];
}

function comparisonTable(judged: readonly JudgedStep[], plain: readonly SnapshotScores[]): Section {
  const steps = [...new Set([...judged, ...plain].map(({ step }) => step))].sort((a, b) => a - b);
  return {
    kind: 'table',
    heading: 'Beside the GAN without classes',
    columns: [
      'step',
      'Fréchet distance, this run',
      'without classes',
      'entropy of the classes, this run',
      'without classes',
    ],
    rows: steps.map((step) => {
      const ours = judged.find((each) => each.step === step)?.judgement;
      const theirs = plain.find((each) => each.step === step);
      return [
        formatCount(step),
        ours?.frechet.toFixed(1) ?? null,
        theirs?.distances?.frechet.value.toFixed(1) ?? null,
        ours?.entropy.toFixed(3) ?? null,
        theirs?.entropy.toFixed(3) ?? null,
      ];
    }),
    caption:
      'Without classes: the recorded run of task 2.2 with the logistic loss, seed 0, batch 128, 10,000 samples a snapshot. ' +
      'Entropy 1: all digits are as frequent.',
  };
}

function histogram({ step, judgement }: JudgedStep, plain: SnapshotScores): Section {
  const recognised = judgement.recognised.map((n) => n / judgement.samples);
  const total = plain.counts.reduce((sum, n) => sum + n, 0);
  const names = [`this run, ${formatCount(step)} steps`, `without classes, ${formatCount(plain.step)} steps`] as const;
  const svg = barChart({
    title: 'Digits among the samples, as the classifier reads them',
    categories: recognised.map((_, label) => String(label)),
    series: [
      { name: names[0], values: recognised },
      { name: names[1], values: plain.counts.map((n) => n / total) },
    ],
    yFormat: 'percent',
  });
  return { kind: 'figure', svg, alt: 'Histogram of the digits with and without classes', caption: whyItHelps };
}

const whyItHelps =
  'Without labels D judges each picture alone: it cannot see that a digit is missing, and G may leave it out. With labels each ' +
  'digit is asked for as often as it is in the data, and D sees which.';

function plainNearest(plain: readonly SnapshotScores[], step: number): SnapshotScores {
  return plain.reduce((best, each) => (Math.abs(each.step - step) < Math.abs(best.step - step) ? each : best));
}
