import { join } from 'node:path';
import { RandomKey } from '@lab/core';
import { writeCheckpoint, writeFileAtomic } from '@lab/core/node';
import { type LatentModel, latentWeights, sampleLatent, type SampleOptions } from '@lab/diffusion';
import { encodePng, imageGrid, type Images, type Section } from '@lab/viz';
import { compare, type Compared } from '../compare/compare.ts';
import { comparisonMarkdown, comparisonSections } from '../compare/comparison-table.ts';
import { shippedDiffusion } from '../compare/contenders.ts';
import { loadJudge } from '../judge/load-judge.ts';
import { picturesOf } from '../judge/judge.ts';
import { writeReport } from '../report/write-report.ts';
import { writeJson } from '../results/write-result.ts';
import { loadMnistFor } from '../run/data.ts';
import { runFiles } from '../run/files.ts';
import { hostPictures } from '../run/host-pictures.ts';
import { openTask } from '../run/open-task.ts';
import { thisMachine } from '../run/status.ts';
import type { RunRequest } from '../run/config.ts';
import { exitCodeOf, exitCodes } from '../tasks/exit-codes.ts';
import { defaultFolder } from '../tasks/outcome.ts';
import type { Task, TaskContext } from '../tasks/task.ts';
import { latentContender, partsOf } from './latent-contender.ts';
import { reconstruct } from './reconstruct.ts';
import { latentSettings } from './settings.ts';
import { trainLatent } from './train.ts';

/** Diffusion in latents, beside diffusion in pixels. */
export const latentDiffusionTask: Task = {
  name: 'latent-diffusion',
  summary:
    'train a latent diffusion model, as Stable Diffusion is one, and compare it with the one in pixels: a report',
  options: ['preset', 'seed', 'backend', 'threads', 'out', 'overwrite'],
  run: runLatent,
};

async function runLatent(request: RunRequest, { report, signal }: TaskContext): Promise<number> {
  const folder = request.out ?? defaultFolder(request, request.task);
  const { preset: asked = 'quick' } = request;
  const { config, backend } = await openTask(folder, request, { steps: latentSettings[asked].steps });
  const { preset, seed } = config;
  const setting = latentSettings[preset];
  const tell = (message: string) => report({ event: 'note', message });
  tell(`${preset}: ${setting.summary}`);
  const mnist = await loadMnistFor(preset);
  const trained = await trainLatent(mnist.train, setting, { seed, tell, signal });
  if (trained === undefined) return exitCodeOf('stopped', signal);
  const { model, seconds } = trained;
  await writeCheckpoint(join(folder, runFiles.latent), await latentWeights(model));

  const key = RandomKey.fromSeed(seed).child('samples');
  const rows: Compared[] = [];
  if (setting.compared > 0) {
    const contenders = [latentContender(trained, setting.sampling), await shippedDiffusion(setting.sampling)];
    const options = { judge: await loadJudge(), dataset: mnist, count: setting.compared, key: key.child('compared') };
    for await (const row of compare(contenders, options)) {
      tell(`${row.name}: Fréchet distance ${row.quality.frechet.toFixed(2)}`);
      rows.push(row);
      if (signal.aborted) return exitCodeOf('stopped', signal);
    }
    await writeFileAtomic(join(folder, runFiles.table), comparisonMarkdown(rows, setting.compared));
  }
  const about = { preset, seed, setting, backend, machine: thisMachine(), seconds, parameters: partsOf(model) };
  await writeJson(join(folder, runFiles.results), { ...about, rows });
  const test = picturesOf(
    mnist.test,
    Array.from({ length: 20 }, (_, i) => i),
  );
  const page = await writeReport(folder, {
    title: 'Diffusion in latents',
    subtitle: `Autoencoder and U-Net were trained in ${seconds.toFixed(0)} s, from nothing.`,
    sections: [
      { kind: 'text', heading: 'What it is', paragraphs: theory },
      await drawnSection(model, key, setting.sampling),
      await reconstructionSection(model, test),
      { kind: 'keyValues', heading: 'Weights', entries: partsOf(model) },
      ...(rows.length === 0 ? [] : comparisonSections(rows, setting.compared)),
    ],
    generator: "Made by the lab's command 'latent-diffusion'.",
  });
  report({ event: 'done', files: [{ path: page, what: 'all figures on one page; open it in a browser' }] });
  return exitCodes.done;
}

const theory = [
  'Stable Diffusion does not work on pixels. An autoencoder first makes pictures small (here 28x28 pixels become 7x7 places with four ' +
    'numbers each), diffusion learns what such small pictures look like, and the decoder makes pixels of what it draws.',
  'It was made for pictures of 512x512, of which most pixels tell nothing new: there, each of the many passes works on 48 times ' +
    'fewer numbers. Of 28x28 pixels little can be left out: four times fewer numbers, and whatever the autoencoder loses is lost.',
];

async function drawnSection(model: LatentModel, key: RandomKey, sampling: SampleOptions): Promise<Section> {
  const labels = Array.from({ length: 100 }, (_, i) => Math.floor(i / 10));
  const drawn = await hostPictures(sampleLatent(model, key.child('grid'), labels, sampling), 'signed');
  const png = gridOf(drawn);
  return { kind: 'figure', heading: 'Any wanted digit', png, alt: 'Ten rows, a digit each', caption: 'A row a digit.' };
}

async function reconstructionSection(model: LatentModel, test: Images): Promise<Section> {
  const again = await reconstruct(model, test);
  const figures = [
    { png: gridOf(test), alt: 'Digits of the test set', caption: 'Of the test set' },
    { png: gridOf(again), alt: 'The same digits, a little softer', caption: 'and out of their latents again' },
  ];
  return { kind: 'gallery', heading: 'What the autoencoder alone loses', figures };
}

function gridOf(images: Images): Uint8Array {
  return encodePng(imageGrid(images, { columns: 10, range: [0, 1], scale: 2 }));
}
