import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export type LaunchingModel = 'gan' | 'unet';

const program = fileURLToPath(new URL('launches.ts', import.meta.url));

/**
 * How many kernels one training step launches on WebGPU; see launches.ts. In a process of its own, since plain tfjs is
 * counted without our kernels.
 */
export async function countLaunches(model: LaunchingModel, mode: 'ours' | 'plain', batchSize: number): Promise<number> {
  const args = ['--disable-warning=ExperimentalWarning', program, model, mode, String(batchSize)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return (JSON.parse(stdout) as { launches: number }).launches;
}

/** The largest at which both can be counted without a GPU, up to the benchmarks' own; the U-Net's counts are the same at 4 and at 64. */
const steps = [
  { model: 'gan', batchSize: 128 },
  { model: 'unet', batchSize: 16 },
] as const;

/** Counts the launches of our steps and of plain tfjs's; the result is a Markdown table. */
export async function compareLaunches(): Promise<string> {
  const rows = ['| step | batch | launches, ours | launches, plain tfjs |', '| --- | ---: | ---: | ---: |'];
  for (const { model, batchSize } of steps) {
    const ours = await countLaunches(model, 'ours', batchSize);
    rows.push(`| ${model} | ${batchSize} | ${ours} | ${await countLaunches(model, 'plain', batchSize)} |`);
  }
  return `${rows.join('\n')}\n`;
}
