import { encodeGif, encodePng, type Images, imageGrid, lineChart, type ReportOptions, type Section } from '@lab/viz';
import { comparisonSections } from '../compare/comparison-table.ts';
import type { Compared } from '../compare/compare.ts';
import { formatCount, formatSeconds } from '../progress/format.ts';
import type { Showpieces, SweepPoint, Sweeps } from './experiments.ts';
import type { SamplingQuality } from './measured-model.ts';
import type { Trained } from './train.ts';

/** Of the model that the task has trained. */
export interface OfTrained extends Showpieces, Pick<Trained, 'step' | 'seconds' | 'losses'> {
  readonly quality: SamplingQuality;
  /** Samples that were measured. */
  readonly judged: number;
}

/** Of the model that comes with the package. */
export interface OfShipped extends Showpieces {
  /** Samples of a measurement. */
  readonly judged: number;
  readonly sweeps: Sweeps;
  /** None where nothing was compared. */
  readonly comparison: readonly Compared[];
  readonly compared: number;
}

const theory = [
  'A diffusion model is one network with one plain regression to do: what is the noise in this picture? It is trained on real ' +
    'pictures at every level of noise, and draws by beginning with nothing but noise and taking away, step by step, what it takes for it.',
  'Guidance asks the network twice, with the class and without, and goes beyond the difference: digits become surer, and more alike.',
  'Against a GAN: no game between two networks, hence a loss that falls and a training that does not collapse, and all classes ' +
    'are covered; paid for with tens of passes of the network for a picture, where a GAN needs one.',
];

/** The report of task 2.5 as one page. */
export function diffusionReport(own: OfTrained, shipped: OfShipped): ReportOptions {
  const { quality, step, seconds, judged } = own;
  const { sweeps, comparison, compared } = shipped;
  return {
    title: 'Task 2.5: any wanted digit, by diffusion',
    subtitle:
      `After ${formatCount(step)} steps (${formatSeconds(seconds)}) of training from nothing the judge reads ${percent(quality.accuracy)} of ` +
      `${formatCount(judged)} pictures as asked.`,
    sections: [
      { kind: 'text', heading: 'What the model does', paragraphs: theory },
      ...lossChart(own.losses),
      grid('Any wanted digit, by the model trained here', own.grid),
      animation('From noise to digits', own.way),
      grid('By the model that comes with @lab/diffusion', shipped.grid),
      animation('And from noise to digits', shipped.way),
      ...samplerSections(sweeps, shipped.judged),
      ...guidanceSections(sweeps, shipped.judged),
      ...(comparison.length > 0 ? comparisonSections(comparison, compared) : []),
    ],
    generator: "Made by the lab's task 2.5.",
  };
}

function grid(heading: string, pictures: Images): Section {
  return {
    kind: 'figure',
    heading,
    png: encodePng(imageGrid(pictures, { columns: 10, range: [0, 1], scale: 2 })),
    alt: 'Ten rows of ten pictures, a digit a row',
    caption: 'A row a digit; the columns differ in noise.',
  };
}

function animation(heading: string, way: readonly Images[]): Section {
  const frames = way.map((pictures) => imageGrid(pictures, { columns: 5, range: [0, 1], scale: 3 }));
  return {
    kind: 'figure',
    heading,
    gif: encodeGif(frames, { delayMs: 100, lastDelayMs: 2000, colours: 32 }),
    still: encodePng(frames.at(-1)!),
    alt: 'Noise that becomes the digits 0 to 9',
    caption: 'States of the sampler, from the first noise on.',
  };
}

function lossChart(losses: OfTrained['losses']): Section[] {
  if (losses.length < 2) return [];
  const series = [{ name: 'loss', x: losses.map(({ step }) => step), y: losses.map(({ loss }) => loss) }];
  const svg = lineChart({ title: 'Loss', series, xLabel: 'step', yLabel: 'weighted squared error' });
  const caption = 'It falls and stays down. A lower loss does not mean better pictures: the judge tells.';
  return [{ kind: 'figure', heading: 'Training', svg, alt: 'Loss by step', caption }];
}

const columns: readonly (readonly [name: string, read: (point: SweepPoint) => string | number | null])[] = [
  ['passes', ({ passes }) => passes],
  ['read as asked', ({ accuracy }) => percent(accuracy)],
  ['Fréchet distance', ({ frechet }) => frechet],
  ['recall', ({ recall }) => recall],
  ['coverage', ({ coverage }) => coverage],
  ['entropy', ({ entropy }) => entropy],
  ['ms a picture', ({ millisecondsAPicture }) => millisecondsAPicture],
];

function samplerSections({ samplers }: Sweeps, judged: number): Section[] {
  const all = Object.entries(samplers);
  if (all.length === 0) return [];
  const table: Section = {
    kind: 'table',
    heading: 'Steps against quality',
    columns: ['sampler', 'steps', ...columns.map(([name]) => name)],
    rows: all.flatMap(([name, points]) => points.map((point) => [name, point.steps, ...cells(point)])),
    caption:
      `Of the shipped model, ${formatCount(judged)} pictures each of the same first noise. Guidance asks the network twice an ` +
      'evaluation, and Heun evaluates it twice a step.',
  };
  const series = all.flatMap(([name, points]) => {
    const measured = points.filter(({ frechet }) => frechet !== null);
    if (measured.length < 2) return [];
    return [{ name, x: measured.map(({ passes }) => passes), y: measured.map(({ frechet }) => frechet!) }];
  });
  if (series.length === 0) return [table];
  const text = { title: 'Passes against distance', xLabel: 'passes of the network', yLabel: 'Fréchet distance' };
  const svg = lineChart({ ...text, series, xScale: 'log', yScale: 'log' });
  return [table, { kind: 'figure', svg, alt: 'Fréchet distance by passes for each sampler' }];
}

function guidanceSections({ guidances }: Sweeps, judged: number): Section[] {
  if (guidances.length === 0) return [];
  return [
    {
      kind: 'table',
      heading: 'Guidance against accuracy and variety',
      columns: ['guidance', ...columns.map(([name]) => name)],
      rows: guidances.map((point) => [point.guidance, ...cells(point)]),
      caption:
        `Of the shipped model, ${formatCount(judged)} pictures each. At 0 the class is forgotten, at 1 taken as it was trained. More of ` +
        'it makes digits surer and covers less of the data.',
    },
  ];
}

function cells(point: SweepPoint): (string | number | null)[] {
  return columns.map(([, read]) => read(point));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
