import { tf } from '../index.ts';
import { splitAddN } from './add-n.ts';
import { fusedAdamInPlace } from './adam.ts';
import type { WebgpuBackend } from './backend.ts';
import { groupNorm, groupNormGrad } from './group-norm.ts';

type KernelFunc = (backend: WebgpuBackend, inputs: never, attrs: never) => tf.TensorInfo[] | void;

const kernels: Readonly<Record<string, KernelFunc>> = {
  FusedAdamInPlace: fusedAdamInPlace,
  GroupNorm: groupNorm,
  GroupNormGrad: groupNormGrad,
};

/** Registers, once, the shaders that stand for many of tfjs's: on a GPU a small model costs what its launches cost. */
export function registerWebgpuKernels(): void {
  if (tf.getKernel('FusedAdamInPlace', 'webgpu') !== undefined) return;
  for (const [kernelName, kernelFunc] of Object.entries(kernels)) {
    tf.registerKernel({
      kernelName,
      backendName: 'webgpu',
      kernelFunc: ({ inputs, attrs, backend }) =>
        kernelFunc(backend as WebgpuBackend, inputs as never, attrs as never) ?? [],
    });
  }
  splitAddN();
}
