import { mkdir } from 'node:fs/promises';
import { StorageError } from '@lab/core/node';

/** The files of a run, in its folder. */
export const runFiles = {
  config: 'config.json',
  status: 'status.json',
  metrics: 'metrics.jsonl',
  checkpoint: 'checkpoint.safetensors',
  frames: 'frames.safetensors',
  animation: 'training.gif',
  curves: 'curves.svg',
  report: 'report.html',
} as const;

export const samplesFile = (step: number): string => `samples-${step}.png`;

export const generatorFile = (step: number): string => `generator-${step}.safetensors`;

const names = Object.values(runFiles).map((name) => name.replaceAll('.', '\\.'));
const ours = new RegExp(`^(?:${names.join('|')}|samples-\\d+\\.png|generator-\\d+\\.safetensors)$`);
const unfinished = /^\.(.+)\.\d+-\d+\.tmp$/;

/** Whether a run writes files of this name, or leaves them when it is killed. */
export function isRunFile(name: string): boolean {
  return ours.test(unfinished.exec(name)?.[1] ?? name);
}

/** @throws StorageError if the folder can't be made. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw new StorageError({ action: 'write', path, cause });
  });
}
