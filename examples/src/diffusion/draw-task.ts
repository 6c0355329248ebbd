import { join } from 'node:path';
import { RandomKey, tf } from '@lab/core';
import { writeFileAtomic } from '@lab/core/node';
import { denoising, type DiffusionModel, loadPretrained } from '@lab/diffusion';
import { encodeGif, encodePng, type Images, imageGrid } from '@lab/viz';
import { formatSeconds } from '../progress/format.ts';
import { writeReport } from '../report/write-report.ts';
import { runFiles } from '../run/files.ts';
import { hostPictures } from '../run/host-pictures.ts';
import { openTask } from '../run/open-task.ts';
import type { RunRequest } from '../run/config.ts';
import { exitCodeOf, exitCodes } from '../tasks/exit-codes.ts';
import { defaultFolder } from '../tasks/outcome.ts';
import type { Task, TaskContext } from '../tasks/task.ts';
import { passesOf, shippedSampling } from './shipped-sampling.ts';

const columns = 10;
const rows = 10;

/** Draws digits from the shipped weights. */
export const drawTask: Task = {
  name: 'diffusion',
  summary: 'draw the digit that is asked for, or all ten, at once from the shipped diffusion model',
  options: ['digit', 'seed', 'steps', 'backend', 'threads', 'out', 'overwrite'],
  run: draw,
};

async function draw(request: RunRequest, { report, signal }: TaskContext): Promise<number> {
  const { digit } = request;
  const what = digit === undefined ? 'diffusion-digits' : `diffusion-digit${digit}`;
  const folder = request.out ?? defaultFolder(request, what);
  const sampling = { ...shippedSampling, ...(request.steps !== undefined && { steps: request.steps }) };
  const { config, backend } = await openTask(folder, request, { steps: sampling.steps });
  const model = await loadPretrained();
  const labels = Array.from({ length: rows * columns }, (_, i) => digit ?? Math.floor(i / columns));
  const started = performance.now();
  const states = await statesOf(model, labels, sampling, config.seed, signal);
  if (signal.aborted) return exitCodeOf('stopped', signal);
  const took = formatSeconds((performance.now() - started) / 1000);

  const frames = states.map((pictures) => imageGrid(pictures, { columns, range: [0, 1] }));
  const png = encodePng(imageGrid(states.at(-1)!, { columns, range: [0, 1], scale: 2 }));
  const gif = encodeGif(frames, { delayMs: 120, lastDelayMs: 2500, colours: 32 });
  const picture = join(folder, runFiles.digits);
  await writeFileAtomic(picture, png);
  await writeFileAtomic(join(folder, runFiles.denoising), gif);
  const page = await writeReport(folder, {
    title: digit === undefined ? 'Ten of every digit, by diffusion' : `A hundred times ${digit}, by diffusion`,
    subtitle: `${passesOf(sampling)} passes a picture, guidance ${sampling.guidance}, seed ${config.seed}: ${took} on ${backend.name}.`,
    sections: [
      {
        kind: 'figure',
        heading: 'The digits',
        png,
        alt: digit === undefined ? 'Ten rows, a digit each' : `A grid of ${digit}s`,
      },
      { kind: 'figure', heading: 'How they came out of noise', gif, still: png, alt: 'Noise that becomes digits' },
    ],
    generator: "Made by the lab's command 'diffusion', from the weights that come with @lab/diffusion.",
  });
  const files = [
    { path: picture, what: `the digits, drawn in ${took}` },
    { path: page, what: 'and how they came out of noise; open it in a browser' },
  ];
  report({ event: 'done', files });
  return exitCodes.done;
}

/** Every state of the sampler, the pictures in [0, 1]; breaks off where the signal asks for it. */
async function statesOf(
  model: DiffusionModel,
  labels: readonly number[],
  sampling: typeof shippedSampling | (Omit<typeof shippedSampling, 'steps'> & { readonly steps: number }),
  seed: number,
  signal: AbortSignal,
): Promise<Images[]> {
  const states: Images[] = [];
  for (const { xt } of denoising(model, RandomKey.fromSeed(seed), labels, sampling)) {
    states.push(await hostPictures(tf.clone(xt), 'signed'));
    if (signal.aborted) break;
  }
  return states;
}
