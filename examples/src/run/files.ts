import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageError } from '@lab/core/node';

/** The files of a run, in its folder. */
export const runFiles = {
  config: 'config.json',
  status: 'status.json',
  metrics: 'metrics.jsonl',
  checkpoint: 'checkpoint.safetensors',
  best: 'generator-best.safetensors',
  latent: 'latent.safetensors',
  frames: 'frames.safetensors',
  animation: 'training.gif',
  curves: 'curves.svg',
  report: 'report.html',
  reportParts: 'report.json',
  digits: 'digits.png',
  denoising: 'denoising.gif',
  results: 'results.json',
  scores: 'scores.json',
  table: 'table.md',
} as const;

export const samplesFile = (step: number): string => `samples-${step}.png`;

export const generatorFile = (step: number): string => `generator-${step}.safetensors`;

/** Every digit (row) in every style (column), of a conditional GAN. */
export const classesFile = (step: number): string => `classes-${step}.png`;

/** The chosen digit alone. */
export const digitFile = (step: number): string => `digit-${step}.png`;

const names = Object.values(runFiles).map((name) => name.replaceAll('.', '\\.'));
const ours = new RegExp(`^(?:${names.join('|')}|(?:samples|classes|digit)-\\d+\\.png|generator-\\d+\\.safetensors)$`);
const unfinished = /^\.(.+)\.\d+-\d+\.tmp$/;

/** Whether a run writes files of this name, or leaves them when it is killed. */
export function isRunFile(name: string): boolean {
  return ours.test(unfinished.exec(name)?.[1] ?? name);
}

/**
 * Removes what a run that was killed while it wrote a file left beside it.
 *
 * @throws StorageError if that fails.
 */
export async function removeUnfinished(folder: string): Promise<void> {
  await removeFiles(folder, (name) => unfinished.test(name) && isRunFile(name));
}

/** Removes some files, in the order of their names. @throws StorageError if that fails. */
export async function removeFiles(folder: string, isDoomed: (name: string) => boolean): Promise<void> {
  try {
    const doomed = (await readdir(folder)).filter(isDoomed).sort();
    for (const name of doomed) await rm(join(folder, name), { force: true });
  } catch (cause) {
    throw new StorageError({ action: 'write', path: folder, cause });
  }
}

/** @throws StorageError if the folder can't be made. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw new StorageError({ action: 'write', path, cause });
  });
}
