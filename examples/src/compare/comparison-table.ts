import type { Cell, Section } from '@lab/viz';
import { formatCount } from '../progress/format.ts';
import type { Compared } from './compare.ts';
import { assumedWatts } from './energy.ts';

const columns: readonly (readonly [name: string, read: (row: Compared) => Cell])[] = [
  ['model', ({ name }) => name],
  ['FD', ({ quality }) => significant(quality.frechet)],
  ['KID x 1000', ({ quality }) => significant(1000 * quality.kernel)],
  ['classifier score', ({ quality }) => quality.classifierScore.toFixed(2)],
  ['read as asked', ({ quality: { conditionalAccuracy: share } }) => (share === null ? null : share.toFixed(4))],
  ['entropy', ({ quality }) => quality.entropy.toFixed(4)],
  ['precision', ({ quality }) => quality.precision.toFixed(3)],
  ['recall', ({ quality }) => quality.recall.toFixed(3)],
  ['density', ({ quality }) => quality.density.toFixed(3)],
  ['coverage', ({ quality }) => quality.coverage.toFixed(3)],
  ['anatomy gap', ({ quality: { anatomyGap: gap } }) => (gap === null ? null : gap.toFixed(3))],
  ['nearer than new', ({ quality: { nearerThanHeldOut: share } }) => (share === null ? null : share.toFixed(3))],
  ['weights', ({ cost }) => (cost ? formatCount(cost.parameters) : null)],
  ['passes', ({ cost }) => cost?.passes ?? null],
  ['ms a picture', ({ cost }) => (cost ? significant(cost.millisecondsAPicture) : null)],
  ['training, s', ({ cost }) => (cost ? formatCount(cost.trainingSeconds) : null)],
  ['training, Wh', ({ cost }) => (cost ? significant(cost.wattHours) : null)],
];

const caption = (count: number) =>
  `${formatCount(count)} pictures of each, digits in turn, by the features and classes of the judge against MNIST's test set. FD ` +
  'and KID: 0 is best, and the last row is what can be reached. Anatomy gap: how much less often than real digits they have one ' +
  'stroke and legal holes. Nearer than new: the share nearer to a training picture than held-out ones usually are; 1 for ' +
  `copies. Wh: training seconds at an assumed ${assumedWatts} W, an estimate. Training seconds are of the machine that made the weights.`;

/** The table, and what it says in words. */
export function comparisonSections(rows: readonly Compared[], count: number): Section[] {
  const table: Section = {
    kind: 'table',
    heading: 'GANs and diffusion on one judge',
    columns: columns.map(([name]) => name),
    rows: rows.map((row) => columns.map(([, read]) => read(row))),
    caption: caption(count),
  };
  return [table, { kind: 'text', heading: 'What is the main difference?', paragraphs: answer(rows) }];
}

/** The same for a Markdown file. */
export function comparisonMarkdown(rows: readonly Compared[], count: number): string {
  const lines = [
    columns.map(([name]) => name),
    columns.map(() => '---'),
    ...rows.map((row) => columns.map(([, read]) => read(row) ?? '')),
  ];
  const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return `${table}\n\n${caption(count)}\n\n${answer(rows).join('\n\n')}\n`;
}

/** The answer in the numbers of these rows. */
function answer(rows: readonly Compared[]): string[] {
  const one = rows.filter(({ cost }) => cost?.passes === 1);
  const many = rows.filter(({ cost }) => cost !== undefined && cost.passes > 1);
  const bestGan = best(one);
  const bestDiffusion = best(many);
  if (bestGan?.cost === undefined || bestDiffusion?.cost === undefined) return [];
  const slower = bestDiffusion.cost.millisecondsAPicture / bestGan.cost.millisecondsAPicture;
  const [gan, diffusion] = [bestGan.quality, bestDiffusion.quality];
  return [
    'A GAN learns by a game of two networks: no likelihood, no loss that tells how far it is, and nothing that makes it cover all of ' +
      'the data. It draws in one pass. A diffusion model learns one regression, the noise in a noisy picture, at every level of ' +
      'noise: its loss falls steadily, every training picture counts, and it draws in tens of passes.',
    `Here the best GAN is "${bestGan.name}" and the best diffusion model "${bestDiffusion.name}". Coverage ${diffusion.coverage.toFixed(3)} ` +
      `against ${gan.coverage.toFixed(3)} and recall ${diffusion.recall.toFixed(3)} against ${gan.recall.toFixed(3)}: the diffusion model ` +
      `${diffusion.coverage > gan.coverage ? 'leaves less of the data out' : 'does not leave less of the data out here'}. Fréchet distance ` +
      `${significant(diffusion.frechet)} against ${significant(gan.frechet)}. A picture costs ${significant(slower)} times the time.`,
    'What is called stable diffusion is the same in the latents of an autoencoder, told by a text through cross-attention, with guidance. ' +
      'At 28x28 the latents save time and cost detail; at 512x512 they make it possible at all.',
  ];
}

function best(rows: readonly Compared[]): Compared | undefined {
  return [...rows].sort((a, b) => a.quality.frechet - b.quality.frechet)[0];
}

function significant(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
