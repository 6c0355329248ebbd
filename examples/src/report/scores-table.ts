import type { Cell, Section } from '@lab/viz';
import { formatCount } from '../progress/format.ts';
import type { Quality } from '../judge/quality.ts';
import type { RunRecord } from '../run/record.ts';
import type { RunScores } from './score-run.ts';

const columns = ['FD', 'KID', 'precision', 'recall', 'coverage', 'sure', 'anatomy gap', 'entropy', 'classes'];

/** How good the samples of several runs are, at each snapshot, beside real pictures; nothing where they were not scored. */
export function scoresTable(runs: readonly RunRecord[]): Section[] {
  const scored = runs.flatMap(({ config: { loss }, scores }) => (scores === undefined ? [] : [{ loss, scores }]));
  const [first] = scored;
  if (first === undefined) return [];
  const { count, floor } = first.scores;
  const rows = scored.flatMap(({ loss, scores }) =>
    scores.snapshots.map((each): Cell[] => [loss, formatCount(each.step), ...cells(each)]),
  );
  return [
    {
      kind: 'table',
      heading: 'How good the samples are',
      columns: ['loss', 'step', ...columns],
      rows: [...rows, ['real training pictures', '', ...cells(floor)]],
      caption: explain(
        count,
        scored.map(({ scores }) => scores),
      ),
    },
  ];
}

function explain(count: number, scores: readonly RunScores[]): string {
  const seconds = scores.reduce((sum, each) => sum + each.seconds, 0);
  return (
    `${formatCount(count)} samples of each generator against as many test pictures, by the features of the classifier of @lab/adversarial: ` +
    'Fréchet and kernel distance (less is better, the last row is the floor; both depend on the count), precision (do samples look real?), recall and ' +
    'coverage (is all that is real there?), the share that the judge is sure of (above .9), how much less often than real digits the samples have one stroke ' +
    `and legal holes, the entropy of the classes over that of equal shares, and the three most frequent. Scored in ${seconds.toFixed(0)} s.`
  );
}

function cells({ frechet, kernel, precision, recall, coverage, sure, anatomyGap, entropy, counts }: Quality): Cell[] {
  return [frechet, kernel, precision, recall, coverage, sure, anatomyGap, entropy, mostFrequent(counts)];
}

/** The three most frequent classes, with their shares. */
export function mostFrequent(counts: readonly number[]): string {
  const total = counts.reduce((sum, n) => sum + n, 0);
  const ranked = counts.map((n, label) => ({ label, share: n / total })).sort((a, b) => b.share - a.share);
  return ranked
    .slice(0, 3)
    .map(({ label, share }) => `${label} ${(100 * share).toFixed(0)}%`)
    .join(', ');
}
