import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointError, RandomKey } from '@lab/core';
import { readCheckpoint, writeCheckpoint, writeFileAtomic } from '@lab/core/node';
import { drawLatents, type Gan, type Pictures, sampleFrom } from '@lab/gan';
import { encodeGif, encodePng, imageGrid, type Raster } from '@lab/viz';
import { runFiles, samplesFile } from './files.ts';
import { hostPictures } from './host-pictures.ts';
import { mendRun } from './read-files.ts';

/** Samples in a grid; the animation shows the first few of them. */
export const gridCount = 64;
const framedCount = 16;
const sheetColumns = 4;

/** The latents that every picture of a run is painted from, `[64, latentDim]`. */
export function fixedLatents(gan: Gan, seed: number): Pictures {
  const latents = drawLatents(gan, RandomKey.fromSeed(seed).child('samples'), gridCount);
  const fixed = { data: latents.dataSync<'float32'>().slice(), shape: latents.shape };
  latents.dispose();
  return fixed;
}

export async function saveGrid(folder: string, gan: Gan, latents: Pictures, step: number): Promise<void> {
  const png = encodePng(imageGrid(await paint(gan, latents)));
  await writeFileAtomic(join(folder, samplesFile(step)), png);
}

async function paint(gan: Gan, latents: Pictures): Promise<Pictures> {
  const images = sampleFrom(gan, latents, labelsFor(gan, latents.shape[0]!));
  return hostPictures(images);
}

/** The classes in turn, for a GAN that has any. */
function labelsFor({ classes }: Gan, count: number): { labels?: number[] } {
  return classes === undefined ? {} : { labels: Array.from({ length: count }, (_, i) => i % classes) };
}

/** What the animation is made of. It outlives the process, so that a resumed run's is the whole one. */
export interface Film {
  readonly frames: Frame[];
}

interface Frame {
  readonly step: number;
  /** Grey levels `[16, height, width, 1]`. */
  readonly data: Uint8Array;
  readonly shape: readonly number[];
}

/** Adds a frame as the run stands at `step`. */
export async function shoot(film: Film, gan: Gan, { data, shape }: Pictures, step: number): Promise<void> {
  const width = shape[1]!;
  const few = { data: data.subarray(0, framedCount * width), shape: [framedCount, width] };
  const painted = await paint(gan, few);
  film.frames.push({ step, data: Uint8Array.from(painted.data, (v) => Math.round(v * 255)), shape: painted.shape });
}

export async function saveFilm(folder: string, { frames }: Film): Promise<void> {
  const tensors = frames.map(({ step, data, shape }) => [String(step), { dtype: 'U8' as const, shape, data }] as const);
  await writeCheckpoint(join(folder, runFiles.frames), Object.fromEntries(tensors));
}

/** The frames up to a step, of a run that stopped there. */
export async function loadFilm(folder: string, untilStep: number): Promise<Film> {
  const path = join(folder, runFiles.frames);
  if (!existsSync(path)) return { frames: [] };
  const { tensors } = await readCheckpoint(path);
  const frames = Object.entries(tensors).map(([name, { dtype, shape, data }]) => {
    const frame = { step: Number(name), data: data as Uint8Array, shape };
    if (dtype === 'U8' && shape[0] === framedCount && Number.isSafeInteger(frame.step)) return frame;
    const received = `${dtype} of shape [${shape.join(', ')}]`;
    const expected = `a step's ${framedCount} pictures as U8`;
    throw new CheckpointError({ source: path, tensor: name, expected, received, remedy: mendRun });
  });
  return { frames: frames.filter(({ step }) => step <= untilStep).sort((a, b) => a.step - b.step) };
}

/** The film as an animation that pauses on its last frame. */
export async function saveAnimation(folder: string, film: Film): Promise<void> {
  if (film.frames.length === 0) return;
  const gif = encodeGif(film.frames.map(drawFrame), { delayMs: 160, lastDelayMs: 2500, colours: 32 });
  await writeFileAtomic(join(folder, runFiles.animation), gif);
}

function drawFrame({ data, shape }: Frame): Raster {
  return imageGrid(
    { data: Float32Array.from(data), shape },
    { columns: sheetColumns, range: [0, 255], scale: 3, gap: 3 },
  );
}
