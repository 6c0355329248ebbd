import { join } from 'node:path';
import { type ConditionalGan, classByStyle, sample } from '@lab/cgan';
import { RandomKey, type tf } from '@lab/core';
import { readCheckpoint, writeFileAtomic } from '@lab/core/node';
import { restoreGenerator } from '@lab/gan';
import { encodePng, type Figure, imageGrid, type Section } from '@lab/viz';
import { formatCount } from '../progress/format.ts';
import { classesFile, digitFile, generatorFile } from '../run/files.ts';
import { hostPictures } from '../run/host-pictures.ts';
import { networksNamed } from '../run/networks.ts';
import { readRun, type RunRecord } from '../run/record.ts';
import { besidePlainGan, type JudgedStep } from './beside-plain-gan.ts';
import { classJudge } from './judge-classes.ts';

/** The digit that the report shows alone, unless another is asked for. */
const usualDigit = 7;
const samplesByPreset = { smoke: 200, quick: 2000, lab: 10_000, paper: 10_000 } as const;

/**
 * What a conditional run's report has more than another's: pictures of the classes at each snapshot, which are also written
 * to the folder, and, for digits, what the judge makes of them.
 *
 * @param digit The one that is shown alone.
 */
export async function classSections(folder: string, digit = usualDigit): Promise<Section[]> {
  const run = await readRun(folder);
  const { preset, networks, data } = run.config;
  const key = RandomKey.fromSeed(0);
  const gan = networksNamed(networks, key) as ConditionalGan;
  // The judge reads digits; of other pictures it knows nothing.
  const judge = data.folder === null ? await classJudge(samplesByPreset[preset]) : undefined;
  const figures: { digit: Figure[]; classes: Figure[] } = { digit: [], classes: [] };
  const judgements: JudgedStep[] = [];
  for (const { step } of run.snapshots) {
    const file = generatorFile(step);
    restoreGenerator(gan, (await readCheckpoint(join(folder, file))).tensors, file);
    figures.digit.push(await digitFigure(run, gan, step, digit));
    figures.classes.push(await classesFigure(run, gan, step));
    if (judge !== undefined) judgements.push({ step, judgement: await judge(gan) });
  }
  gan.generator.dispose();
  gan.discriminator.dispose();
  return [
    ...gallery(`Asked for: ${digit}`, figures.digit),
    ...byStyle(figures.classes),
    ...accuracy(judgements),
    ...(await besidePlainGan(judgements)),
  ];
}

async function digitFigure(
  { folder, config }: RunRecord,
  gan: ConditionalGan,
  step: number,
  digit: number,
): Promise<Figure> {
  const png = await draw(sample(gan, { label: digit, count: 64, seed: config.seed }), 8);
  await writeFileAtomic(join(folder, digitFile(step)), png);
  return { png, alt: `64 samples of ${digit} after ${step} steps`, caption: `After ${formatCount(step)} steps.` };
}

async function classesFigure({ folder, config }: RunRecord, gan: ConditionalGan, step: number): Promise<Figure> {
  const png = await draw(classByStyle(gan, { seed: config.seed }), 10);
  await writeFileAtomic(join(folder, classesFile(step)), png);
  return { png, alt: `Ten digits in ten styles after ${step} steps`, caption: `After ${formatCount(step)} steps.` };
}

async function draw(images: tf.Tensor4D, columns: number): Promise<Uint8Array> {
  return encodePng(imageGrid(await hostPictures(images), { columns }));
}

function gallery(heading: string, figures: readonly Figure[]): Section[] {
  return figures.length === 0 ? [] : [{ kind: 'gallery', heading, figures }];
}

function byStyle(figures: readonly Figure[]): Section[] {
  if (figures.length === 0) return [];
  const text =
    'A row is a digit, a column a latent. What a column has in common (slant, weight, width) is style, which the latent ' +
    'decides; what a row has in common is the class, which the label decides.';
  return [...gallery('Every digit in every style', figures), { kind: 'text', paragraphs: [text] }];
}

function accuracy(judgements: readonly JudgedStep[]): Section[] {
  const last = judgements.at(-1);
  if (last === undefined) return [];
  const share = (value: number) => value.toFixed(3);
  const { judgement } = last;
  const digits = Array.from({ length: judgement.perClass.length }, (_, label) => String(label));
  return [
    {
      kind: 'table',
      heading: 'Does it paint what it is asked for?',
      columns: ['step', 'recognised as asked', 'entropy of the classes', 'Fréchet distance', ...digits],
      rows: judgements.map(({ step, judgement: each }) => [
        formatCount(step),
        share(each.accuracy),
        share(each.entropy),
        each.frechet.toFixed(1),
        ...each.perClass.map(share),
      ]),
      caption:
        `${formatCount(judgement.samples)} samples, each class alike, read by the pretrained classifier; the distance is that of its ` +
        'features to those of the test set. A GAN without classes drops some of them (task 2.2); here each is asked for, and D ' +
        'sees its label, so that none can be dropped.',
    },
    {
      kind: 'table',
      heading: 'Asked, and recognised',
      columns: ['asked', ...digits],
      rows: digits.map((digit, asked) => [
        digit,
        ...judgement.confusion.slice(asked * digits.length, (asked + 1) * digits.length),
      ]),
      caption: `After ${formatCount(last.step)} steps.`,
    },
  ];
}
