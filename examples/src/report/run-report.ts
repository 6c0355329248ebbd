import { join } from 'node:path';
import { writeFileAtomic } from '@lab/core/node';
import type { Figure, ReportOptions, Section } from '@lab/viz';
import { lossFormulas } from '../loss-names.ts';
import { formatCount, formatSeconds } from '../progress/format.ts';
import { runFiles } from '../run/files.ts';
import { meanBefore, readRun, type RunRecord } from '../run/record.ts';
import { runCharts, stack } from './curves.ts';
import { writeReport } from './write-report.ts';

/** Writes `curves.svg` and `report.html` into a run's folder, from what is in it; `more` follows the samples. */
export async function writeRunReport(folder: string, more: readonly Section[] = []): Promise<void> {
  const run = await readRun(folder);
  const charts = runCharts(run.rows);
  if (charts.length > 0) await writeFileAtomic(join(folder, runFiles.curves), stack(charts));
  await writeReport(folder, runReport(run, charts, more));
}

function runReport(run: RunRecord, charts: readonly string[], more: readonly Section[]): ReportOptions {
  const { config, status } = run;
  const { loss, preset, seed } = config;
  return {
    title: `GAN on ${config.data.name}, ${loss} loss`,
    subtitle: `Preset ${preset}, seed ${seed}: ${describeState(run)} in ${formatSeconds(status.seconds)} of training.`,
    sections: [
      ...notices(run),
      { kind: 'text', paragraphs: introduction(run) },
      ...animation(run),
      ...samples(run),
      ...more,
      ...charts.map((svg, i) => curveSection(svg, i)),
      ...snapshotTable(run),
      { kind: 'text', heading: 'What to look at', paragraphs: whatToLookAt },
      { kind: 'keyValues', heading: 'Configuration', entries: configurationEntries(run) },
      { kind: 'keyValues', heading: 'Time and machine', entries: timingEntries(run) },
    ],
    generator: `Made by the lab's task ${config.task}. The same seed and backend give the same bits.`,
  };
}

export function describeState({ config, status }: RunRecord): string {
  const { state, step } = status;
  if (state === 'diverged') return `diverged at step ${formatCount(status.divergence?.step ?? step)}`;
  if (state === 'finished') return `${formatCount(step)} steps`;
  return `step ${formatCount(step)} of ${formatCount(config.steps)}`;
}

export function notices({ config, status }: RunRecord): Section[] {
  const { state, divergence } = status;
  if (state === 'finished') return [];
  if (divergence === undefined) {
    const text = `This run has not ended: it stands at step ${status.step} of ${config.steps}. Go on with --resume.`;
    return [{ kind: 'notice', level: 'warning', text }];
  }
  const text = `The run diverged. ${divergence.message} The last good checkpoint, of step ${status.step}, was kept.`;
  return [{ kind: 'notice', level: 'error', text }];
}

function introduction({ config }: RunRecord): string[] {
  const { batch, data, loss, networks } = config;
  return [
    `A generator G paints pictures from random latents, and a discriminator D tells them from the ` +
      `${formatCount(data.pictures)} pictures of ${data.name}. Each step shows D ${batch} real and ${batch} painted ` +
      `pictures and updates it, then updates G so that D believes in its pictures.`,
    `G minimises ${lossFormulas[loss]}. The networks are ${networkNames[networks]}.`,
  ];
}

const networkNames = {
  'reference-mlp': 'one hidden layer of 128 units each (100-128-784 and 784-128-1), trained by Adam at 0.001',
  goodfellow:
    "those of the first GAN's own run (100-1200-1200-784, and two maxout layers with dropout), trained by momentum descent",
  'reference-cgan':
    'one hidden layer of 128 units each, with the label joined to latent and pixels (110-128-784 and 794-128-1), trained by Adam at 0.001',
  mirza:
    "Mirza and Osindero's own (latent 200, label 1000, joint 1200; three maxout layers with dropout), trained by momentum descent",
  'convolutional-cgan':
    'convolutional, with 32 and 64 channels each, D with a hidden layer and an auxiliary classifier, R1 penalty in every fourth step, ' +
    'trained by Adam at 0.0005 falling to 0',
} as const;

export function animation({ animation: gif, snapshots }: RunRecord): Section[] {
  if (gif === undefined) return [];
  const still = snapshots.at(-1)?.png;
  const figure: Figure = {
    gif,
    ...(still && { still }),
    alt: 'Animation: sixteen samples turn from noise into what G paints at the end',
    caption: 'Sixteen fixed latents during training; the frames are spaced evenly on a logarithmic scale of steps.',
  };
  return [{ kind: 'figure', heading: 'Training', ...figure }];
}

export function gridFigure({ step, png }: { readonly step: number; readonly png: Uint8Array }): Figure {
  return { png, alt: `64 samples after ${step} steps`, caption: `After ${formatCount(step)} steps.` };
}

const curveNotes = [
  ['Losses', 'Neither loss says how good the pictures are: each player is measured against the other.'],
  ['Probabilities', 'D(x) on real pictures, D(G(z)) on painted ones, as D sees them when it is updated.'],
  ['Gradient norms', 'A G whose gradient has all but vanished learns slowly, whatever its loss says.'],
] as const;

function curveSection(svg: string, index: number): Section {
  const [alt, note] = curveNotes[index]!;
  const caption = `${note} Line: median; band: 80% of the readings.`;
  return { kind: 'figure', ...(index === 0 && { heading: 'Curves' }), svg, alt, caption };
}

function samples({ snapshots }: RunRecord): Section[] {
  if (snapshots.length === 0) return [];
  return [{ kind: 'gallery', heading: 'Samples', figures: snapshots.map(gridFigure) }];
}

function snapshotTable({ rows, snapshots, config: { batch } }: RunRecord): Section[] {
  if (snapshots.length === 0) return [];
  const mean = (step: number) => (metric: Parameters<typeof meanBefore>[2]) => meanBefore(rows, step, metric);
  const table: Section = {
    kind: 'table',
    heading: 'Numbers at the snapshots',
    columns: ['step', 'pictures seen', 'D loss', 'G loss', 'D(x)', 'D(G(z))', "D's gradient", "G's gradient"],
    rows: snapshots.map(({ step }) => [
      formatCount(step),
      formatCount(step * batch),
      ...(['dLoss', 'gLoss', 'dReal', 'dFake', 'dGradNorm', 'gGradNorm'] as const).map(mean(step)),
    ]),
    caption: 'Means over the readings of the last tenth of the steps up to there.',
  };
  return [table];
}

const whatToLookAt = [
  'Samples: are they digits, and are all ten there? Sharper strokes and fewer classes often come together, and a small ' +
    'grid hides it: count the classes in the 64.',
  'Early grids of one single blob are normal: G first finds one picture that D finds plausible, whatever the latent.',
  "Curves: they don't converge. D(x) near 1 and D(G(z)) near 0 mean that D wins; both near 0.5 that it can't tell.",
];

function configurationEntries({ config }: RunRecord) {
  const { format: _, data, snapshots, ...plain } = config;
  const source = data.folder ?? 'bundled with @lab/mnist-data';
  const about = { data: `${data.name} (${source})`, 'data sha256': data.sha256, snapshots: snapshots.join(', ') };
  return { ...plain, ...about };
}

function timingEntries({ config, status }: RunRecord) {
  const { seconds, step, backend, machine, memory } = status;
  const { threads, relaxed } = backend.details;
  return {
    'seconds of training': seconds,
    'milliseconds a step': step === 0 ? null : (1000 * seconds) / step,
    'pictures a second': seconds === 0 ? null : Math.round((step * config.batch) / seconds),
    seed: config.seed,
    preset: config.preset,
    backend: `${backend.name}: ${backend.reason}`,
    threads: threads ?? null,
    'relaxed SIMD': relaxed ?? null,
    processor: `${machine.cpu}, ${machine.cores} cores`,
    Node: machine.node,
    'resident memory, MiB':
      memory.map(({ step: at, residentMiB }) => `${residentMiB} at step ${at}`).join(', ') || null,
  };
}
