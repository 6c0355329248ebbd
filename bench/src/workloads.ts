import { fileURLToPath } from 'node:url';

/** A program that runs a workload on demand; see window-server.ts for what it is asked and answers. */
export interface Engine {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

export interface Workload {
  readonly summary: string;
  readonly engines: readonly Engine[];
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const node = (name: string, file: string, ...args: string[]): Engine => ({
  name,
  command: process.execPath,
  args: [here(file), ...args],
});
const python = (name: string, file: string): Engine => ({
  name,
  command: process.env['PYTHON'] ?? 'python3',
  args: [here(file)],
});

export const workloads: Readonly<Record<string, Workload>> = {
  'gan-b128': {
    summary: 'one D and one G update of the reference MLP GAN, batch 128, logistic loss, Adam',
    engines: [
      node('simd', './engines/gan-ours.ts', 'simd'),
      node('simd-1-thread', './engines/gan-ours.ts', 'simd', '--threads', '1'),
      node('simd-plain', './engines/gan-ours.ts', 'simd', '--plain'),
      node('simd-plain-1-thread', './engines/gan-ours.ts', 'simd', '--plain', '--threads', '1'),
      node('tfjs-wasm', './engines/gan-tfjs.ts', '@tensorflow/tfjs-backend-wasm', 'wasm'),
      node('tfjs-node', './engines/gan-tfjs.ts', '@tensorflow/tfjs-node', 'tensorflow'),
      python('torch', '../peers/gan_b128_torch.py'),
      python('jax', '../peers/gan_b128_jax.py'),
    ],
  },
};
