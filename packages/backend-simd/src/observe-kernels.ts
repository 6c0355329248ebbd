import type { KernelFunc } from '@tensorflow/tfjs-core';

type KernelArgs = Parameters<KernelFunc>[0];
type KernelOutput = ReturnType<KernelFunc>;

/** Told of every kernel call in place of the kernel, which it runs by `run()`. */
export type KernelObserver = (kernel: string, args: KernelArgs, run: () => KernelOutput) => KernelOutput;

let observer: KernelObserver | undefined;

/** The kernel itself, as long as nobody looks on. */
export function observable(kernel: string, kernelFunc: KernelFunc): KernelFunc {
  return (args) => (observer ? observer(kernel, args, () => kernelFunc(args)) : kernelFunc(args));
}

/** Has `next` told of all kernel calls until the function that it returns is called. @throws Error if another one is. */
export function observeKernels(next: KernelObserver): () => void {
  if (observer) throw new Error('simd: a profile is being made already; await it before the next');
  observer = next;
  return () => void (observer = undefined);
}
