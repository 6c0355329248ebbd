import type { KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { SimdBackend } from './backend.ts';
import { describeMemory } from './runtime.ts';

/** The arguments of a kernel whose inputs have these names, or are a list. */
export interface KernelArguments<Inputs, Attributes = NamedAttrMap> {
  readonly inputs: [Inputs] extends [string] ? Readonly<Record<Inputs, TensorInfo>> : TensorInfo[];
  readonly attrs: Attributes;
  readonly backend: SimdBackend;
}

/**
 * A kernel of ours. `cpu` computes the same as tfjs's cpu backend does, on the same arguments: for the types and shapes
 * that are not worth a kernel.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each kernel names its own inputs and attributes
export type SimdKernel = (args: KernelArguments<any, any>, cpu: () => TensorInfo) => TensorInfo | TensorInfo[];

/** Adapts a kernel of tfjs's cpu backend to ours. */
export function adaptCpuKernel(cpu: KernelFunc): KernelFunc {
  return (args) => {
    const { runtime } = args.backend as SimdBackend;
    return runtime.shared ? cpu(args) : runtime.loans.during(() => cpu(args));
  };
}

/** Adapts a kernel of ours to tfjs; `cpu` has been adapted. */
export function toKernelFunc(kernel: SimdKernel, cpu: KernelFunc | undefined): KernelFunc {
  return (args) => {
    const fallback = (): TensorInfo => {
      if (!cpu) throw new Error('simd: this kernel takes float32 tensors only');
      return cpu(args) as TensorInfo;
    };
    const backend = args.backend as SimdBackend;
    const { newest } = backend;
    try {
      return kernel(args as unknown as KernelArguments<unknown, unknown>, fallback);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      // The output of a kernel that found no memory to work in; nobody else knows of it.
      if (backend.newest !== newest && !backend.runtime.kernels.isBroken())
        backend.disposeData(backend.newest as object);
      throw explainTrap(error, backend);
    }
  };
}

/** In a kernel whose arguments were checked, the allocation of its scratch area can trap, and the join of its threads. */
function explainTrap(cause: WebAssembly.RuntimeError, { runtime }: SimdBackend): Error {
  if (runtime.kernels.isBroken()) {
    return new Error(
      'simd: a thread has died in the middle of a kernel, and no other kernel can run. Tensors can still be read; ' +
        "tf.removeBackend('simd') and then tf.setBackend('simd') start it again, without them.",
      { cause },
    );
  }
  return new Error(
    `simd: a kernel stopped, for want of memory to work in: WebAssembly memory holds ${describeMemory(runtime.memory)} of ` +
      'at most 4096 MiB. Dispose of tensors no longer needed (tf.tidy), or use smaller batches.',
    { cause },
  );
}

export function isFloat(tensor: TensorInfo): boolean {
  return tensor.dtype === 'float32';
}
