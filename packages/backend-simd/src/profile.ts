import { type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { observeKernels } from './observe-kernels.ts';
import { operationCount } from './operation-counts.ts';

/** All calls of one kernel, or of one kernel on one combination of shapes. */
export interface KernelProfile {
  readonly kernel: string;
  /** Of the inputs, as `[128,784] [784,128]`; empty if the profile is by kernel alone. */
  readonly shapes: string;
  readonly calls: number;
  /** Milliseconds in the kernel, all calls together. */
  readonly ms: number;
  /** What the calls were given and what they returned: the least they had to read and write. */
  readonly bytes: number;
  /**
   * Multiplications and additions by the kernel's definition, two a product's term; undefined for kernels other than matrix
   * products and convolutions. A convolution by Winograd's algorithm is credited with what the direct one takes.
   */
  readonly operations: number | undefined;
}

/** Where the time of a function went. */
export interface Profile {
  /** Milliseconds from the first call to the end of the last. */
  readonly ms: number;
  readonly runs: number;
  /** By time, the longest first; over all runs. */
  readonly kernels: readonly KernelProfile[];
  /** Milliseconds outside of kernels: JavaScript, tfjs's own included, and waiting. */
  readonly restMs: number;
}

export interface ProfileOptions {
  /**
   * How often the function is called.
   * @default 1
   */
  readonly runs?: number;
  /**
   * Whether a row is a kernel, or a kernel with the shapes of its inputs.
   * @default 'kernel'
   */
  readonly by?: 'kernel' | 'shapes';
}

/**
 * Calls `fn` and reports which of the backend's kernels it spent its time in. Warm it up first: what is measured includes
 * the compiling of what has run seldom. `fn` disposes of its own tensors.
 *
 * @throws Error if another profile is being made; RangeError for options out of their range; whatever `fn` throws.
 */
export async function profile(fn: () => unknown, options: ProfileOptions = {}): Promise<Profile> {
  const { runs, by } = resolveOptions(options);
  const rows = new Map<string, Row>();
  let inKernel = false;
  const stop = observeKernels((kernel, args, run) => {
    if (inKernel) return run(); // Its time is that of the kernel which called it.
    inKernel = true;
    const start = performance.now();
    try {
      const outputs = run();
      record(rows, by, kernel, args, [outputs].flat(), performance.now() - start);
      return outputs;
    } finally {
      inKernel = false;
    }
  });
  const start = performance.now();
  try {
    for (let i = 0; i < runs; i++) await fn();
  } finally {
    stop();
  }
  const ms = performance.now() - start;
  const kernels = [...rows.values()].toSorted((a, b) => b.ms - a.ms);
  return { ms, runs, kernels, restMs: ms - kernels.reduce((sum, row) => sum + row.ms, 0) };
}

type Row = { -readonly [Field in keyof KernelProfile]: KernelProfile[Field] };

function resolveOptions({ runs = 1, by = 'kernel' }: ProfileOptions): Required<ProfileOptions> {
  if (!Number.isInteger(runs) || runs < 1) throw new RangeError(`runs: expected an integer of at least 1, got ${runs}`);
  if (by !== 'kernel' && by !== 'shapes') throw new RangeError(`by: expected 'kernel' or 'shapes', got ${String(by)}`);
  return { runs, by };
}

function record(
  rows: Map<string, Row>,
  by: 'kernel' | 'shapes',
  kernel: string,
  args: Parameters<KernelFunc>[0],
  outputs: readonly TensorInfo[],
  ms: number,
): void {
  const inputs = Object.values(args.inputs).flat().filter(Boolean) as TensorInfo[];
  const shapes = by === 'shapes' ? inputs.map(({ shape }) => `[${shape}]`).join(' ') : '';
  const key = `${kernel} ${shapes}`;
  const row = rows.get(key) ?? { kernel, shapes, calls: 0, ms: 0, bytes: 0, operations: undefined };
  row.calls++;
  row.ms += ms;
  row.bytes += [...inputs, ...outputs].reduce((sum, x) => sum + bytesOf(x), 0);
  const operations = outputs[0] && operationCount(kernel, args, outputs[0]);
  if (operations !== undefined) row.operations = (row.operations ?? 0) + operations;
  rows.set(key, row);
}

function bytesOf({ shape, dtype }: TensorInfo): number {
  return dtype === 'string' ? 0 : util.sizeFromShape(shape) * util.bytesPerElement(dtype);
}
