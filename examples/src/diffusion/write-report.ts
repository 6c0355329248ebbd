import { encodeGif, encodePng, imageGrid, lineChart, type ReportOptions, type Section } from '@lab/viz';
import type { Findings, Quality } from './experiments.ts';
import type { Trained } from './train.ts';

const theory = [
  'A diffusion model is one network with one plain regression to do: what is the noise in this picture? It is trained on real ' +
    'pictures at every level of noise, and draws by beginning with nothing but noise and taking away, step by step, what it takes for it.',
  'Guidance asks the network twice, with the class and without, and goes beyond the difference: digits become surer, and more alike.',
  'Against a GAN: no game between two networks, hence a loss that falls and a training that does not collapse, and all classes ' +
    'are covered; paid for with tens of passes of the network for a picture, where a GAN needs one.',
];

const qualityColumns = ['read as asked', 'Fréchet distance', 'passes a picture', 'ms a picture'];

/** The report of task 2.5 as one page. */
export function diffusionReport(
  { grid, way, overall, samplers, guidances }: Findings,
  { step, seconds, losses }: Pick<Trained, 'step' | 'seconds' | 'losses'>,
): ReportOptions {
  return {
    title: 'Task 2.5: any wanted digit, by diffusion',
    subtitle: `After ${step} steps (${seconds.toFixed(0)} s in this session) the judge reads ${percent(overall.accuracy)} as asked.`,
    sections: [
      { kind: 'text', heading: 'What the model does', paragraphs: theory },
      {
        kind: 'figure',
        heading: 'Any wanted digit',
        png: encodePng(imageGrid(grid, { columns: 10, range: [0, 1], scale: 2 })),
        alt: 'Ten rows of ten pictures, a digit a row',
        caption: 'A row a digit; the columns differ in noise.',
      },
      animation(way),
      ...lossChart(losses),
      ...samplerSections(samplers),
      ...guidanceSections(guidances),
    ],
    generator: "Made by the lab's task 2.5.",
  };
}

function animation(way: Findings['way']): Section {
  const frames = way.map((pictures) => imageGrid(pictures, { columns: 5, range: [0, 1], scale: 3 }));
  return {
    kind: 'figure',
    heading: 'From noise to digits',
    gif: encodeGif(frames, { delayMs: 100, lastDelayMs: 2000, colours: 32 }),
    still: encodePng(frames.at(-1)!),
    alt: 'Noise that becomes the digits 0 to 9',
    caption: 'Every state of the sampler, from the first noise on.',
  };
}

function lossChart(losses: Trained['losses']): Section[] {
  if (losses.length < 2) return [];
  const series = [{ name: 'loss', x: losses.map(({ step }) => step), y: losses.map(({ loss }) => loss) }];
  const svg = lineChart({ title: 'Loss', series, xLabel: 'step', yLabel: 'weighted squared error' });
  return [{ kind: 'figure', heading: 'Training', svg, alt: 'Loss by step' }];
}

function samplerSections(samplers: Findings['samplers']): Section[] {
  const rows = Object.entries(samplers).flatMap(([name, points]) =>
    points.map((point) => [name, point.steps, ...cells(point)]),
  );
  if (rows.length === 0) return [];
  const caption = 'The same first noise for all. Heun asks the network twice a step.';
  return [
    {
      kind: 'table',
      heading: 'Steps against quality',
      columns: ['sampler', 'steps', ...qualityColumns],
      rows,
      caption,
    },
  ];
}

function guidanceSections(guidances: Findings['guidances']): Section[] {
  if (guidances.length === 0) return [];
  const rows = guidances.map((point) => [point.guidance, ...cells(point)]);
  const caption =
    'At 0 the class is forgotten, at 1 taken as it was trained. A low distance needs variety as well as digits that can be read.';
  return [{ kind: 'table', heading: 'Guidance', columns: ['guidance', ...qualityColumns], rows, caption }];
}

function cells({ accuracy, frechet, passes, millisecondsAPicture }: Quality) {
  return [percent(accuracy), frechet, passes, millisecondsAPicture];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
