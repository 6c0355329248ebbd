import type { Pictures } from '@lab/gan';
import { encodePng, imageGrid, type ReportOptions, type Section } from '@lab/viz';
import type { PathComparison, Quiz } from './latent-figures.ts';

/** What the report is made of. */
export interface LatentFindings {
  /** The GAN's. */
  readonly name: string;
  readonly sheet: Pictures;
  readonly paths: PathComparison;
  readonly byStyle: Pictures | undefined;
  readonly ofReal: { readonly pictures: Pictures; readonly columns: number } | undefined;
  readonly quiz: Quiz;
}

/** The report on a GAN's latents as one page. */
export function latentReport({ name, sheet, paths, byStyle, ofReal, quiz }: LatentFindings): ReportOptions {
  return {
    title: 'The life of latents',
    subtitle: `By ${name}.`,
    sections: [
      figure(
        'A sheet between four latents',
        sheet,
        10,
        'The corners were drawn; all between them are on arcs. No digit of it is in the data.',
      ),
      figure(
        'On the line, and on the arc',
        paths.pictures,
        paths.columns,
        'Four pairs of latents: for each a row along the straight line, and below it one along the arc (slerp).',
      ),
      pathTable(paths),
      ...optional(byStyle, (pictures) =>
        figure(
          'Every digit in every style',
          pictures,
          10,
          'A row is a label, a column a latent: the same latent with another label keeps slant and weight.',
        ),
      ),
      ...optional(ofReal, ({ pictures, columns }) =>
        figure(
          'Other digits in the style of real ones',
          pictures,
          columns,
          'A row: a picture of the test set, what G makes of the latent that was found for it, and that latent with the labels 0 to 9.',
        ),
      ),
      ...quizSections(quiz),
    ],
    generator: "Made by the lab's task latent.",
  };
}

function optional<T>(value: T | undefined, draw: (value: T) => Section): Section[] {
  return value === undefined ? [] : [draw(value)];
}

function figure(heading: string, pictures: Pictures, columns: number, caption: string): Section {
  return { kind: 'figure', heading, png: drawGrid(pictures, columns), alt: heading, caption };
}

/** Pictures side by side, as a PNG file. */
export function drawGrid(pictures: Pictures, columns: number): Uint8Array {
  return encodePng(imageGrid(pictures, { columns }));
}

function pathTable({ middle }: PathComparison): Section {
  const rows = (['ends', 'linear', 'spherical'] as const).map((way) => [
    { ends: 'at the ends', linear: 'in the middle of the line', spherical: 'in the middle of the arc' }[way],
    middle[way].length,
    middle[way].confidence,
  ]);
  const caption =
    'Mean length of the latents over that at the ends, and the mean of the largest probability that the pretrained classifier gives. Latents ' +
    'of many normal numbers lie near a sphere, which the arc stays on while the line cuts through its inside. Shorter latents need ' +
    'not give worse pictures: they give plainer ones (the truncation trick, Brock et al. 2019), and the judge may be surer of them.';
  return { kind: 'table', columns: ['where', 'length', 'confidence'], rows, caption };
}

function quizSections({ pictures, answers }: Quiz): Section[] {
  const paragraphs = [
    answers.map((side, i) => `${i + 1} ${side}`).join(', ') + '.',
    'Whoever guesses gets half of them right. A picture that nobody can tell from a photograph is evidence of nothing any more: who ' +
      'shows one says where it comes from.',
  ];
  return [
    figure(
      'Which one was real?',
      pictures,
      2,
      'In each row one digit was written by a person and one was painted by G. Rows count from the top.',
    ),
    { kind: 'answer', question: 'The real ones', paragraphs },
  ];
}
