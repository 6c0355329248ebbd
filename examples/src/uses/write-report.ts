import { encodePng, type Figure, imageGrid, type Images, type ReportOptions, type Section } from '@lab/viz';
import { arcLength } from './blending.ts';
import type { UsesFindings } from './experiments.ts';
import { type Inpainted, maskOf } from './inpainting.ts';
import { noises } from './oddities.ts';

const theory = [
  'A diffusion model has learnt what digits look like, not one task. Whatever is known of a picture (a part of it, its means over ' +
    'blocks, roughly where it should be) is put in while it is drawn, and the model finds digits that agree with it.',
  'Each use has a number, and beside it that of a method that knows nothing of digits. What is drawn is one of many pictures that ' +
    'agree with what is known, not their mean: it may differ from the truth and still be right.',
];

/** The report on the uses as one page. */
export function usesReport(findings: UsesFindings, pretrained: string): ReportOptions {
  const { subjects, readAsTheyAre } = findings;
  const count = subjects.labels.length;
  return {
    title: 'What a diffusion model of digits is good for',
    subtitle: `${count} pictures of the test set, of which the judge reads ${percent(readAsTheyAre)} as they are. ${pretrained}`,
    sections: [
      { kind: 'text', heading: 'One model, many uses', paragraphs: theory },
      ...inpaintingSections(findings),
      ...enlargingSections(findings),
      ...changingSections(findings),
      ...blendingSections(findings),
      ...odditySections(findings),
    ],
    generator: "Made by the lab's command 'uses'.",
  };
}

function inpaintingSections({ inpainted, subjects }: UsesFindings): Section[] {
  const [first] = inpainted;
  const columns = ['hidden', 'filled with', 'RMSE of hidden pixels', 'read as the digit'];
  const rows = inpainted.map(({ mask, method, error, read }) => [mask, method, error, percent(read)]);
  const caption =
    'Known are: all but a square of 14x14 in the centre; the right half; every fourth line. RePaint is not told the digit.';
  const figures = inpainted
    .filter(({ method }) => method === 'RePaint')
    .map((one) => strip(`Hidden: ${one.mask}`, [hidden(one, subjects.images), one.images, subjects.images]));
  return first === undefined
    ? []
    : [
        { kind: 'table', heading: 'Inpainting', columns, rows, caption },
        { kind: 'gallery', figures },
      ];
}

function enlargingSections({ enlarged, subjects }: UsesFindings): Section[] {
  const columns = ['method', 'PSNR, dB', 'read as the digit'];
  const rows = enlarged.map(({ method, signalToNoise, read }) => [method, signalToNoise, percent(read)]);
  const caption =
    'From 7x7, means over blocks of 4x4, to 28x28. Diffusion is held to the same means (DDNM), and not told the digit.';
  const rowsOfPictures = [...enlarged.map(({ images }) => images), subjects.images];
  const names = [...enlarged.map(({ method }) => method), 'the truth'].join(', ');
  return [
    { kind: 'table', heading: 'Super-resolution', columns, rows, caption },
    { kind: 'figure', ...strip(`Columns: ${names}`, rowsOfPictures) },
  ];
}

function changingSections({ changed, subjects }: UsesFindings): Section[] {
  const columns = ['share of the way into noise', 'read as the wanted digit', 'RMSE to the given picture'];
  const rows = changed.map(({ strength, read, distance }) => [strength ?? 'drawn anew', percent(read), distance]);
  const caption =
    'Every digit is made the next one (9 a 0). The further into noise, the surer the digit and the less is left of the picture; the last row owes it nothing.';
  const names = ['given', ...changed.map(({ strength }) => strength ?? 'drawn anew')].join(', ');
  return [
    { kind: 'table', heading: 'Image to image', columns, rows, caption },
    { kind: 'figure', ...strip(`Columns: ${names}`, [subjects.images, ...changed.map(({ images }) => images)]) },
  ];
}

function blendingSections({ blended }: UsesFindings): Section[] {
  const columns = ['between two pictures', 'read as the digit', 'grey pixels'];
  const rows = blended.map(({ method, read, grey }) => [method, percent(read), percent(grey)]);
  const caption = 'Between two noises lie other digits; between two pictures lie both of them, faint.';
  const figures = blended.map(({ method, images }) => ({
    png: encodePng(imageGrid(images, { columns: arcLength, range: [0, 1] })),
    alt: `Rows of ${arcLength} pictures from one end to the other: ${method}`,
    caption: method,
  }));
  return [
    { kind: 'table', heading: 'Interpolation in noise space', columns, rows, caption },
    { kind: 'gallery', figures },
  ];
}

function odditySections({ oddities }: UsesFindings): Section[] {
  const columns = [
    'never shown',
    ...noises.map((noise) => `denoising error at ${noise}`),
    'distance to the mean',
    'distance to the nearest',
  ];
  const rows = oddities.map(({ leftOut, diffusion, toMean, toNearest }) => [
    String(leftOut),
    ...noises.map((noise) => diffusion[noise]!),
    toMean,
    toNearest,
  ]);
  const caption =
    'Areas under the ROC: .5 is guessing, 1 is perfect. The model is shown all digits but one; the numbers at the error are the noise, sigma / alpha.';
  const figures = oddities.map(({ leftOut, oddest }) => ({
    png: encodePng(imageGrid(oddest, { columns: 10, range: [0, 1] })),
    alt: 'The oddest pictures',
    caption: `What is taken for the oddest by a model that never saw a ${leftOut}.`,
  }));
  return [
    { kind: 'table', heading: 'Anomalies', columns, rows, caption },
    { kind: 'gallery', figures },
  ];
}

/** One picture of each digit a row, and in the columns what was made of it. */
function strip(caption: string, stages: readonly Images[]): Figure {
  const count = stages[0]!.shape[0]!;
  const rows = Array.from({ length: Math.min(10, count) }, (_, i) => Math.floor((i * count) / Math.min(10, count)));
  const pixels = rows.flatMap((n) => stages.flatMap(({ data }) => Array.from(data.slice(n * 784, (n + 1) * 784))));
  const images = { data: Float32Array.from(pixels), shape: [rows.length * stages.length, 28, 28, 1] };
  const png = encodePng(imageGrid(images, { columns: stages.length, range: [0, 1] }));
  return { png, alt: `Rows of ${stages.length} pictures. ${caption}`, caption };
}

/** What RePaint is shown: grey where nothing is known. */
function hidden({ mask }: Inpainted, images: Images): Images {
  const known = maskOf(mask);
  return { ...images, data: images.data.map((value, i) => (known[i % 784] === 1 ? value : 0.5)) };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
