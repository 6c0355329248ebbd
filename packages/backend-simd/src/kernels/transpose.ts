import { type TensorInfo, Transpose, type TransposeAttrs, util } from '@tensorflow/tfjs-core';
import type { SimdBackend } from '../backend.ts';
import type { KernelArguments, SimdKernel } from '../kernel.ts';
import { copyStrided, denseStrides } from '../strided-copy.ts';

/** The dimensions of the result, each with its size and its stride in x; neighbours that stay neighbours are merged. */
function mergedStrides(shape: readonly number[], permutation: readonly number[]): { size: number; stride: number }[] {
  const strides = shape.map((_, i) => util.sizeFromShape(shape.slice(i + 1) as number[]));
  const merged: { size: number; stride: number }[] = [];
  for (const axis of permutation) {
    const size = shape[axis] as number;
    const stride = strides[axis] as number;
    const outer = merged.at(-1);
    if (size === 1) continue;
    if (outer && outer.stride === stride * size) merged[merged.length - 1] = { size: outer.size * size, stride };
    else merged.push({ size, stride });
  }
  return merged.length > 0 ? merged : [{ size: 1, stride: 1 }];
}

/** x with its dimensions in the order of `permutation`; x is float32 or int32. */
export function permuteDimensions(backend: SimdBackend, x: TensorInfo, permutation: readonly number[]): TensorInfo {
  const shape = permutation.map((axis) => x.shape[axis] as number);
  const out = backend.output(shape, x.dtype as 'float32' | 'int32');
  if (util.sizeFromShape(shape) === 0) return out;
  const { kernels } = backend.runtime;
  const dims = mergedStrides(x.shape, permutation);
  const [from, to] = [backend.address(x), backend.address(out)];
  const matrix = asMatrices(dims);
  if (matrix) kernels.transposeMatrices(from, to, matrix.batch, matrix.rows, matrix.columns);
  else {
    const strides = denseStrides(dims.map(({ size }) => size));
    const axes = dims.map(({ size, stride }, i) => ({ size, from: stride, to: strides[i] as number }));
    copyStrided(backend, from, to, axes, 4);
  }
  return out;
}

/** [batch, columns, rows] from x [batch, rows, columns], if that is what the permutation does. */
function asMatrices(dims: readonly { size: number; stride: number }[]) {
  const [columns, rows] = dims.slice(-2);
  if (dims.length > 3 || !columns || !rows) return undefined;
  if (columns.stride !== 1 || rows.stride !== columns.size) return undefined;
  const batch = dims.length === 3 ? dims[0] : { size: 1, stride: rows.size * columns.size };
  if (batch?.stride !== rows.size * columns.size) return undefined;
  return { batch: batch.size, rows: rows.size, columns: columns.size };
}

export const transposeKernels: Record<string, SimdKernel> = {
  [Transpose]({ inputs: { x }, attrs, backend }: KernelArguments<'x', TransposeAttrs>, cpu) {
    return x.dtype === 'float32' || x.dtype === 'int32' ? permuteDimensions(backend, x, attrs.perm) : cpu();
  },
};
