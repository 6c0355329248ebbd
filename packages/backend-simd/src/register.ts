import {
  engine,
  findBackendFactory,
  getKernelsForBackend,
  registerBackend,
  registerKernel,
} from '@tensorflow/tfjs-core';
import { SimdBackend } from './backend.ts';
import { adaptCpuKernel, toKernelFunc } from './kernel.ts';
import { binaryKernels } from './kernels/binary.ts';
import { convKernels } from './kernels/conv.ts';
import { copyingKernels } from './kernels/copying.ts';
import { depthwiseKernels } from './kernels/depthwise.ts';
import { layoutKernels } from './kernels/layout.ts';
import { matMulKernels } from './kernels/mat-mul.ts';
import { normalisationKernels } from './kernels/normalisation.ts';
import { poolingKernels } from './kernels/pooling.ts';
import { reduceKernels } from './kernels/reduce.ts';
import { resizeKernels } from './kernels/resize.ts';
import { scanningKernels } from './kernels/scanning.ts';
import { trainingKernels } from './kernels/training.ts';
import { transposeKernels } from './kernels/transpose.ts';
import { unaryKernels } from './kernels/unary.ts';
import { observable } from './observe-kernels.ts';
import { checkOptions, Runtime, type SimdOptions } from './runtime.ts';

export const BACKEND_NAME = 'simd';

/** Above tfjs's cpu backend (1) and beside its wasm one (2). */
const PRIORITY = 2;

export const kernels = {
  ...matMulKernels,
  ...convKernels,
  ...unaryKernels,
  ...binaryKernels,
  ...reduceKernels,
  ...transposeKernels,
  ...copyingKernels,
  ...depthwiseKernels,
  ...layoutKernels,
  ...normalisationKernels,
  ...poolingKernels,
  ...resizeKernels,
  ...scanningKernels,
  ...trainingKernels,
};

/** Registers every kernel of tfjs's cpu backend under our name, those we have written in place of cpu's. */
export function registerKernels(): void {
  const cpuKernels = new Map(getKernelsForBackend('cpu').map((config) => [config.kernelName, config]));
  for (const [kernelName, config] of cpuKernels) {
    const kernel = kernels[kernelName];
    const cpu = adaptCpuKernel(config.kernelFunc);
    const kernelFunc = kernel ? toKernelFunc(kernel, cpu) : cpu;
    registerKernel({ ...config, backendName: BACKEND_NAME, kernelFunc: observable(kernelName, kernelFunc) });
  }
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    if (cpuKernels.has(kernelName)) continue;
    const kernelFunc = observable(kernelName, toKernelFunc(kernel, undefined));
    registerKernel({ kernelName, backendName: BACKEND_NAME, kernelFunc });
  }
}

let options: SimdOptions = {};

/** Makes the backend known to tfjs, also after `tf.removeBackend` has made it forget. */
export function registerSimd(): void {
  if (findBackendFactory(BACKEND_NAME)) return;
  registerBackend(BACKEND_NAME, async () => new SimdBackend(await Runtime.create(options)), PRIORITY);
}

export function setOptions(next: SimdOptions): void {
  checkOptions(next);
  options = next;
}

/** The backend that runs, if one does. */
export function currentBackend(): SimdBackend | undefined {
  return engine().registry[BACKEND_NAME] as SimdBackend | undefined;
}
