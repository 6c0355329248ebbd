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
  args: ['--disable-warning=ExperimentalWarning', here(file), ...args],
});
const python = (name: string, file: string, ...args: string[]): Engine => ({
  name,
  command: process.env['PYTHON'] ?? 'python3',
  args: [here(file), ...args],
});

/** The backend simd in its forms, on a program that takes the arguments of engines/serve-ours.ts. */
const simd = (file: string, ...args: string[]): Engine[] => [
  node('simd', file, 'simd', ...args),
  node('simd-1-thread', file, 'simd', '--threads', '1', ...args),
  node('simd-plain', file, 'simd', '--plain', ...args),
];

export const workloads: Readonly<Record<string, Workload>> = {
  'gan-b128': {
    summary: 'one D and one G update of the reference MLP GAN, batch 128, logistic loss, Adam',
    engines: [
      ...simd('./engines/gan-ours.ts'),
      node('simd-plain-1-thread', './engines/gan-ours.ts', 'simd', '--plain', '--threads', '1'),
      node('simd-in-chromium', '../../examples/web/src/bench/gan-in-chromium.ts'),
      node('tfjs-wasm', './engines/gan-tfjs.ts', '@tensorflow/tfjs-backend-wasm', 'wasm'),
      node('tfjs-node', './engines/gan-tfjs.ts', '@tensorflow/tfjs-node', 'tensorflow'),
      python('torch', '../peers/gan_b128_torch.py'),
      python('jax', '../peers/gan_b128_jax.py'),
    ],
  },
  'gan-b128-dark': {
    summary: 'the same, with margins that are as dark as long training makes them: down to subnormal numbers',
    engines: [
      node('simd', './engines/gan-ours.ts', 'simd', '--dark'),
      node('simd-1-thread', './engines/gan-ours.ts', 'simd', '--threads', '1', '--dark'),
      node('tfjs-node', './engines/gan-ours.ts', 'tensorflow', '--dark'),
      python('torch', '../peers/gan_b128_torch.py', 'dark'),
    ],
  },
  'cnn-b128': {
    summary: 'one update of the classifier of two convolutions, batch 128, cross-entropy, Adam',
    engines: [
      ...simd('./engines/cnn-ours.ts'),
      node('tfjs-wasm', './engines/cnn-ours.ts', 'wasm'),
      node('tfjs-node', './engines/cnn-ours.ts', 'tensorflow'),
      python('torch', '../peers/cnn_b128_torch.py'),
    ],
  },
  'unet-b64': {
    summary: 'one update of the diffusion U-Net of 639k weights, batch 64, noise MSE, Adam',
    engines: [
      ...simd('./engines/unet-ours.ts'),
      node('tfjs-wasm', './engines/unet-ours.ts', 'wasm'),
      node('tfjs-node', './engines/unet-ours.ts', 'tensorflow'),
      python('torch', '../peers/unet_b64_torch.py'),
    ],
  },
  'unet-forward-b64': {
    summary: 'one forward pass of that U-Net, batch 64, without gradient',
    engines: [
      ...simd('./engines/unet-ours.ts', '--forward'),
      node('tfjs-wasm', './engines/unet-ours.ts', 'wasm', '--forward'),
      node('tfjs-node', './engines/unet-ours.ts', 'tensorflow', '--forward'),
      python('torch', '../peers/unet_b64_torch.py', 'forward'),
    ],
  },
};
