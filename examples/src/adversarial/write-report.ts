import type { Pictures } from '@lab/adversarial';
import { type ReportOptions, type Section, encodePng, imageGrid, lineChart } from '@lab/viz';
import { earlierTable } from './compare-earlier.ts';
import { type Findings, budgets, shown, wanted } from './experiments.ts';
import type { Reading } from './panda-equation.ts';
import { toGreys } from './saliency.ts';
import type { Summary } from './summary.ts';

const columns = ['success', 'mean p', 'mean L2', 'mean L-inf', 'steps to p = .5'];

const reasoning = [
  'Both walks go along the input gradient of the target’s loss. Hundreds of tiny changes, all aligned with that gradient, add ' +
    'up because the network is nearly linear in its input (Goodfellow et al. 2015).',
  'From a 4 the result stays near real 4s, and people still see a 4: the error is at the boundary between two classes. From ' +
    'noise the result is far from all data and shows no digit: the error is that the softmax has to choose one of ten, and has ' +
    'no word for none. Confidence is not evidence of looking like the data.',
];

const whyItDiffers = [
  'The attacks are the same code in every column, so what differs comes from the classifier, and the columns take that apart: the plain one has ' +
    'the shape and training of the earlier measurement, the second judge another shape, and both judges were trained on moved pictures with averaged weights. ' +
    'Where the plain one agrees with the earlier figures and the judges don’t, shape and training make the difference; where the plain one differs too, ' +
    'so do two classifiers of the same recipe and another seed.',
  'jasonicarter’s own classifier read 96.8% of 500 pictures and went from 2 to 6 in five steps, on the ten pictures that he shows.',
];

/** How far one step gets, and where it turns. */
function peakOfOneStep({ sweep }: Findings): string {
  const shares = sweep['FGSM, one step']!.map(({ success }) => success);
  const peak = Math.max(...shares);
  return (
    `One targeted step tops out at ${percent(peak)} (epsilon ${budgets[shares.indexOf(peak)]}) and then gets worse: the linear ` +
    'guess overshoots.'
  );
}

/** Which classes a 4 is easily taken for, by the numbers of this run. */
function easeOfTargets({ targets }: Findings): string {
  const ranked = Object.entries(targets).sort(([, a], [, b]) => b.success - a.success);
  const [first, second, last] = [ranked[0]!, ranked[1]!, ranked.at(-1)!].map(
    ([target, { success }]) => `${target} (${percent(success)})`,
  );
  return `The easiest target from a ${shown} is ${first}, then ${second}; the hardest is ${last}, all at the same budget.`;
}

/** The report of task 2.4 as one page. */
export function adversarialReport(findings: Findings): ReportOptions {
  const { accuracy, read, minimalOf } = findings;
  return {
    title: 'Task 2.4: a 4 that is read as a 9, and noise that is read as a 9',
    subtitle: `The pretrained classifier reads ${percent(accuracy)} of the test set; ${read} pictures of a 4 are attacked.`,
    sections: [
      {
        kind: 'text',
        heading: 'How are these produced?',
        paragraphs: [...reasoning, peakOfOneStep(findings), easeOfTargets(findings)],
      },
      equationFigure(findings),
      saliencyFigure(findings),
      {
        kind: 'figure',
        heading: 'Success by budget',
        svg: sweepChart(findings),
        alt: 'Success of each attack by epsilon',
      },
      sweepTable(findings),
      summaryTable('Five steps of .04, as jasonicarter', findings.reference, 'p is that of the row’s target.'),
      traceFigure(findings),
      noiseFigure(findings),
      likenessTable(findings),
      summaryTable('Other targets from 4, BIM at .15', findings.targets, 'p is that of the target.'),
      untargetedTable(findings),
      summaryTable('The nearest success, in L2', findings.minimal, `On ${minimalOf} pictures, all aimed at ${wanted}.`),
      earlierTable(findings, budgets),
      { kind: 'text', paragraphs: whyItDiffers },
    ],
    generator: "Made by the lab's task 2.4. Its other half, how to withstand, is task 2.4-defence.",
  };
}

/** original + delta = adversarial, a row a picture; the delta amplified so that it can be seen. */
function equationFigure({ fours, example, equation }: Findings): Section {
  const rows = Math.min(8, fours.shape[0]!);
  const largest = Math.max(...example.norms.lInf);
  const delta = example.perturbation.data.map((value) => 0.5 + value / (2 * largest));
  const panels = {
    data: interleave([fours.data, delta, example.adversarial.data], rows),
    shape: [3 * rows, 28, 28, 1],
  };
  const { original, delta: alone, adversarial, epsilon } = equation;
  const as = ({ digit, p }: Reading) => `${digit} (${percent(p)})`;
  const caption =
    `Original, the true delta (grey is zero, black and white are -${largest.toFixed(2)} and +${largest.toFixed(2)}), and their sum. ` +
    `The first: read as ${as(original)}, plus a delta of at most ${epsilon.toFixed(2)} a pixel that by itself is read as ${as(alone)}, ` +
    `is read as ${as(adversarial)}.`;
  const png = encodePng(imageGrid(panels, { columns: 3, range: [0, 1], scale: 3 }));
  return { kind: 'figure', heading: 'Original + delta = adversarial', png, alt: 'Rows of three panels', caption };
}

function saliencyFigure({ saliency: { four, gradient, perturbation } }: Findings): Section {
  const panels = [four, toGreys(gradient), toGreys(perturbation)].map(({ data }) => data);
  const grid = { data: interleave(panels, 1), shape: [3, 28, 28, 1] };
  const png = encodePng(imageGrid(grid, { columns: 3, range: [0, 1], scale: 5 }));
  const caption =
    'Means over all pictures: the 4, the gradient of the logit of 9 minus that of 4 (white: ink there speaks for a 9, black: against), ' +
    'and what Carlini and Wagner’s attack changes. What a 4 lacks to be a 9 is the bar that closes its top.';
  return { kind: 'figure', heading: 'Which pixels make a 4 a 9', png, alt: 'Three maps of pixels', caption };
}

function traceFigure({ traces }: Findings): Section {
  const five = Object.entries(traces).filter(([, trace]) => trace.length === 6);
  const series = five.map(([name, y]) => ({ name, x: y.map((_, step) => step), y }));
  const svg = lineChart({ title: 'Mean p of the target', series, xLabel: 'step', yLabel: 'p', yRange: [0, 1] });
  return { kind: 'figure', svg, alt: 'Mean probability of the target by step', caption: 'Steps of .04.' };
}

function likenessTable({ likeness }: Findings): Section {
  return {
    kind: 'table',
    heading: 'How like a 4, how like a 9',
    columns: ['', 'SSIM', 'to the nearest 9', 'the same by the second judge', 'second reads 9', 'second reads 4'],
    rows: Object.entries(likeness).map(([name, each]) => [
      name,
      each.similarity,
      each.toTarget,
      each.toTargetBySecond,
      percent(each.readAsTarget),
      percent(each.readAsShown),
    ]),
    caption:
      'SSIM: structural similarity to the picture before. Distances are among the features of the classifier that was attacked, and of one ' +
      'of another seed and shape that the attacks know nothing of: a picture may come near the 9s for the one and not for the other.',
  };
}

function untargetedTable({ untargeted: { count, epsilons, left } }: Findings): Section {
  return {
    kind: 'table',
    heading: 'Any other digit will do',
    columns: ['accuracy left by', ...epsilons.map(String)],
    rows: Object.entries(left).map(([name, shares]) => [name, ...shares.map(percent)]),
    caption: `Of those read correctly among the first ${count} test pictures of all digits, by epsilon.`,
  };
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
