import { join } from 'node:path';
import { RandomKey } from '@lab/core';
import { writeFileAtomic } from '@lab/core/node';
import { loadMnist } from '@lab/mnist-data/node';
import { encodePng, imageGrid, samplePage } from '@lab/viz';
import { comparePaths, digitsByStyle, inventions, quiz, sheet, stylesOfReal } from '../latent/latent-figures.ts';
import { drawGrid, latentReport } from '../latent/latent-report.ts';
import { openTrained, trainedOperand, trainedOptions } from '../latent/open-trained.ts';
import type { PresetName } from '../presets.ts';
import { writeReport } from '../report/write-report.ts';
import { writeJson } from '../results/write-result.ts';
import type { RunRequest } from '../run/config.ts';
import { exitCodes } from './exit-codes.ts';
import type { Task, TaskContext } from './task.ts';

interface Size {
  /** Of the search for the latents of real pictures. */
  readonly steps: number;
  /** Between which paths are compared. */
  readonly pairs: number;
  readonly quiz: number;
  readonly inventions: number;
}

const sizes: Readonly<Record<PresetName, Size>> = {
  smoke: { steps: 3, pairs: 8, quiz: 4, inventions: 5 },
  quick: { steps: 200, pairs: 200, quiz: 12, inventions: 100 },
  lab: { steps: 500, pairs: 1000, quiz: 20, inventions: 200 },
  paper: { steps: 500, pairs: 1000, quiz: 20, inventions: 200 },
};

const inventionsFile = 'this-digit-does-not-exist.html';

/** What lives between the samples: sheets, paths, styles, and what can't be told from the real. */
export const latentTask: Task = {
  name: 'latent',
  operands: trainedOperand,
  summary:
    'walks through the latents of a trained GAN: sheets, paths, styles of real digits, a quiz, digits that do not exist',
  options: trainedOptions,
  run: runLatent,
};

async function runLatent(request: RunRequest, { report }: TaskContext, operands: readonly string[]): Promise<number> {
  const { preset = 'quick', seed = 0 } = request;
  const { folder, trained, backend } = await openTrained(request, operands);
  const { gan, name, hasDiscriminator } = trained;
  const size = sizes[preset];
  const key = RandomKey.fromSeed(seed).child('latent');
  const { test } = await loadMnist();
  const findings = {
    name,
    sheet: await sheet(gan, key.child('sheet')),
    paths: await comparePaths(gan, key.child('paths'), size.pairs),
    byStyle: await digitsByStyle(gan, seed),
    ofReal: await stylesOfReal(gan, test, key.child('styles'), size.steps, hasDiscriminator ? 0.1 : 0),
    quiz: await quiz(gan, test, key.child('quiz'), size.quiz),
  };
  await writeJson(join(folder, 'results.json'), { preset, seed, by: name, backend, middle: findings.paths.middle });
  await writeFileAtomic(join(folder, 'sheet.png'), drawGrid(findings.sheet, 10));
  const { ofReal } = findings;
  if (ofReal !== undefined)
    await writeFileAtomic(join(folder, 'styles.png'), drawGrid(ofReal.pictures, ofReal.columns));
  const page = await writeReport(folder, latentReport(findings));
  const inventionsPage = join(folder, inventionsFile);
  await writeFileAtomic(inventionsPage, pageOf(await inventions(gan, key.child('inventions'), size.inventions), name));
  report({
    event: 'done',
    files: [
      { path: page, what: 'sheets, paths, styles and a quiz on one page; open it in a browser' },
      { path: inventionsPage, what: 'digits that nobody has written, one at a time' },
    ],
  });
  return exitCodes.done;
}

function pageOf({ data, shape }: Awaited<ReturnType<typeof inventions>>, name: string): string {
  const pictures = Array.from({ length: shape[0]! }, (_, i) => {
    const one = { data: data.slice(i * 784, (i + 1) * 784), shape: [1, 28, 28, 1] };
    return encodePng(imageGrid(one, { scale: 1, gap: 0 }));
  });
  return samplePage({
    title: 'This digit does not exist',
    pictures,
    alt: 'A digit that was painted by a network',
    note: `Nobody wrote it: a generator painted it from random numbers (${name}). ${pictures.length} of them are in this page, which needs nothing else.`,
  });
}
