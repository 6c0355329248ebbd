import type { Pictures } from '@lab/adversarial';
import { type ReportOptions, type Section, encodePng, imageGrid, lineChart } from '@lab/viz';
import { type Findings, type Summary, budgets, shown } from './experiments.ts';

const columns = ['success', 'mean p', 'mean L2', 'mean L-inf', 'steps to p = .5'];

const reasoning = [
  'Both walks go along the input gradient of the target’s loss. Hundreds of tiny changes, all aligned with that gradient, add ' +
    'up because the network is nearly linear in its input (Goodfellow et al. 2015).',
  'From a 4 the result stays near real 4s, and people still see a 4: the error is at the boundary between two classes. From ' +
    'noise the result is far from all data and shows no digit: the error is that the softmax has to choose one of ten, and has ' +
    'no word for none. Confidence is not evidence of looking like the data.',
  'One targeted step tops out and then gets worse: the linear guess overshoots.',
];

/** Which classes a 4 is easily taken for, by the numbers of this run. */
function easeOfTargets({ targets }: Findings): string {
  const ranked = Object.entries(targets).sort(([, a], [, b]) => b.success - a.success);
  const [first, second, last] = [ranked[0]!, ranked[1]!, ranked.at(-1)!].map(
    ([target, { success }]) => `${target} (${percent(success)})`,
  );
  return `The easiest target from a ${shown} is ${first}, then ${second}; the hardest is ${last}, all at the same budget.`;
}

/** The report of task 2.4 as one page. */
export function adversarialReport(findings: Findings, accuracy: number): ReportOptions {
  return {
    title: 'Task 2.4: a 4 that is read as a 9, and noise that is read as a 9',
    subtitle: `The pretrained classifier reads ${percent(accuracy)} of the test set; ${findings.read} pictures of a 4 are attacked.`,
    sections: [
      { kind: 'text', heading: 'How are these produced?', paragraphs: [...reasoning, easeOfTargets(findings)] },
      equation(findings),
      {
        kind: 'figure',
        heading: 'Success by budget',
        svg: sweepChart(findings),
        alt: 'Success of each attack by epsilon',
      },
      sweepTable(findings),
      summaryTable('Five steps of .04, as jasonicarter', findings.reference, 'p is that of the row’s target.'),
      noiseFigure(findings),
      summaryTable('Other targets from 4, BIM at .15', findings.targets, 'p is that of the target.'),
      summaryTable('The nearest success, in L2', findings.minimal, 'On at most the first hundred pictures.'),
    ],
    generator: "Made by the lab's task 2.4.",
  };
}

/** original + delta = adversarial, a row a picture; the delta amplified so that it can be seen. */
function equation({ fours, example }: Findings): Section {
  const rows = Math.min(8, fours.shape[0]!);
  const largest = Math.max(...example.norms.lInf);
  const delta = example.perturbation.data.map((value) => 0.5 + value / (2 * largest));
  const panels = {
    data: interleave([fours.data, delta, example.adversarial.data], rows),
    shape: [3 * rows, 28, 28, 1],
  };
  const caption = `Original, the true delta (grey is zero, black and white are -${largest.toFixed(2)} and +${largest.toFixed(2)}), and their sum.`;
  const png = encodePng(imageGrid(panels, { columns: 3, range: [0, 1], scale: 3 }));
  return { kind: 'figure', heading: 'Original + delta = adversarial', png, alt: 'Rows of three panels', caption };
}

function noiseFigure({ noise: { start, result } }: Findings): Section {
  const rows = Math.min(4, start.shape[0]!);
  const panels: Pictures = {
    data: interleave([start.data, result.adversarial.data], rows),
    shape: [2 * rows, 28, 28, 1],
  };
  const png = encodePng(imageGrid(panels, { columns: 4, range: [0, 1], scale: 3 }));
  return {
    kind: 'figure',
    heading: 'Noise, and the same after fifty steps',
    png,
    alt: 'Pairs of noise pictures',
    caption: 'In pairs: before and after. Nobody sees a 9.',
  };
}

function interleave(parts: readonly Float32Array[], rows: number): Float32Array {
  const panels = new Float32Array(rows * parts.length * 784);
  for (let row = 0; row < rows; row++) {
    parts.forEach((part, k) => panels.set(part.subarray(row * 784, (row + 1) * 784), (row * parts.length + k) * 784));
  }
  return panels;
}

function sweepChart({ sweep }: Findings): string {
  const series = Object.entries(sweep).map(([name, summaries]) => ({
    name,
    x: budgets,
    y: summaries.map(({ success }) => success),
  }));
  return lineChart({
    title: 'Pictures of a 4 that are read as a 9',
    series,
    xLabel: 'epsilon, L-inf',
    yLabel: 'share',
    yRange: [0, 1],
  });
}

function sweepTable({ sweep }: Findings): Section {
  const rows = Object.entries(sweep).map(([name, summaries]) => [
    name,
    ...summaries.map(({ success }) => percent(success)),
  ]);
  return { kind: 'table', columns: ['attack', ...budgets.map(String)], rows, caption: 'Success by epsilon.' };
}

function summaryTable(heading: string, rows: Readonly<Record<string, Summary>>, caption: string): Section {
  const cells = Object.entries(rows).map(([name, { success, confidence, l2, lInf, stepsToHalf }]) => [
    name,
    percent(success),
    confidence,
    l2,
    lInf,
    stepsToHalf,
  ]);
  return { kind: 'table', heading, columns: ['', ...columns], rows: cells, caption };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
