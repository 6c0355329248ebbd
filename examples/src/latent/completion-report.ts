import type { Pictures } from '@lab/gan';
import { encodePng, type Figure, imageGrid, type ReportOptions } from '@lab/viz';
import type { CompletionResult, MaskResult } from './completions.ts';

/** Rows of a figure. */
const shownPictures = 8;

/** The figure of a mask, a picture in each row: as it was, what is seen, completed, and G(z) alone. */
export function completionFigure(images: Pictures, { seen, completion }: MaskResult): Uint8Array {
  const columns = [images, seen, completion.completed, completion.painted];
  const rows = Math.min(shownPictures, images.shape[0]!);
  const data = new Float32Array(rows * columns.length * 784);
  for (let row = 0; row < rows; row++) {
    columns.forEach((column, i) =>
      data.set(column.data.subarray(row * 784, (row + 1) * 784), (row * columns.length + i) * 784),
    );
  }
  return encodePng(imageGrid({ data, shape: [rows * columns.length, 28, 28, 1] }, { columns: columns.length }));
}

const howItWorks = [
  'G and D are trained and stay as they are. For each picture, the latent z is searched for whose G(z) fits what is seen of it ' +
    '(contextual term, L1) and convinces D (perceptual term); a third term keeps z as short as the latents of the training. Then ' +
    'the hidden pixels are taken from G(z). (Yeh et al. 2017; B. Amos; the third term is that of Bora et al. 2017.)',
  'The pictures are from the test set: neither G nor D has ever seen them.',
];

const whatToLookAt = [
  'The mean image is the guess with the least squared error of all that do not look at the picture. It is no digit. A completion ' +
    'commits itself to one digit, and where what is seen leaves several open, a wrong one costs more than a blur: compare the ' +
    'errors, and then how often each is read as the digit that it was.',
  'At low resolution no pixel is seen as it is: what is painted is all G. It is super-resolution by the same search.',
];

/** The report on completions as one page. */
export function completionReport(name: string, { images, masks }: CompletionResult): ReportOptions {
  const figures: Figure[] = masks.map((mask) => ({
    png: completionFigure(images, mask),
    alt: `Rows of four: a digit, what is seen of it, completed, and the generator's picture; hidden: ${mask.findings.name}`,
    caption: `${mask.findings.name}: as it was, what is seen, completed, G(z).`,
  }));
  return {
    title: 'Completing digits',
    subtitle: `${images.shape[0]} pictures of MNIST's test set, by ${name}.`,
    sections: [
      { kind: 'text', heading: 'How it is done', paragraphs: howItWorks },
      { kind: 'gallery', heading: 'Pictures', figures },
      {
        kind: 'table',
        heading: 'How good they are',
        columns: [...tableColumns],
        rows: masks.map(({ findings }) => tableRow(findings)),
        caption:
          'Squared errors are means over the hidden pixels, in [0, 1]. Read: the share that the pretrained classifier reads as the ' +
          'digit that it was. Class found: the share for which the search, which tries every class, settled on the right one.',
      },
      { kind: 'text', heading: 'What to look at', paragraphs: whatToLookAt },
    ],
    generator: "Made by the lab's task completion.",
  };
}

const tableColumns = [
  'hidden',
  'share',
  'error, completed',
  'error, mean image',
  'error, blocks repeated',
  'read, completed',
  'read, mean image',
  'class found',
] as const;

function tableRow({ name, hidden, error, read, found }: MaskResult['findings']) {
  return [name, hidden, error.completed, error.meanImage, error.blocks, read.completed, read.meanImage, found];
}
