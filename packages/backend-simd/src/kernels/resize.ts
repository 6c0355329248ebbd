import * as tf from '@tensorflow/tfjs-core';
import type { SimdBackend } from '../backend.ts';
import { isFloat, type KernelArguments, type SimdKernel } from '../kernel.ts';
import { firstTakers, nearestPixels, neighbours, type Side } from '../resampling.ts';
import type { TensorData } from '../tensor-data.ts';

type Resampling = 'resizeNearest' | 'resizeNearestGrad' | 'resizeBilinear' | 'resizeBilinearGrad';
type Table = ArrayLike<number>;
type GradAttrs = Omit<tf.ResizeBilinearGradAttrs, 'images'>;

/** The sides of pictures [B, H, W, C] that get a new height and width. */
function sides(
  x: tf.TensorInfo,
  [newHeight, newWidth]: readonly [number, number],
  attrs: Omit<Side, 'size' | 'newSize'>,
) {
  const [height, width] = x.shape.slice(1) as [number, number];
  const side = (size: number, newSize: number): Side => ({ ...attrs, size, newSize });
  return [side(height, newHeight), side(width, newWidth)] as const;
}

/** Pictures of another height and width, by a kernel that is told where pixels go. */
function resample(
  backend: SimdBackend,
  kernel: Resampling,
  x: tf.TensorInfo,
  [outHeight, outWidth]: readonly [number, number],
  rows: Table,
  columns: Table,
): tf.TensorInfo {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const out = backend.output([batch, outHeight, outWidth, channels]);
  if (tf.util.sizeFromShape(x.shape) === 0) return out;
  const words = Int32Array.from([...Array.from(rows), ...Array.from(columns)]);
  const table = backend.write(words, [words.length], 'int32') as TensorData;
  const [from, to, rowsAt] = [backend.address(x), backend.address(out), table.address];
  const columnsAt = rowsAt + rows.length * 4;
  const sizes = [batch, height, width, outHeight, outWidth, channels] as const;
  backend.runtime.kernels[kernel](from, to, rowsAt, columnsAt, ...sizes);
  backend.disposeData(table);
  return out;
}

function sizeOf(x: tf.TensorInfo): [number, number] {
  return x.shape.slice(1, 3) as [number, number];
}

/** tfjs's gradients take no notice of `halfPixelCenters`. */
function backward({ alignCorners }: GradAttrs): Omit<Side, 'size' | 'newSize'> {
  return { alignCorners, halfPixelCenters: false };
}

export const resizeKernels: Record<string, SimdKernel> = {
  [tf.ResizeNearestNeighbor](
    { inputs: { images }, attrs, backend }: KernelArguments<'images', tf.ResizeNearestNeighborAttrs>,
    cpu,
  ) {
    if (!isFloat(images)) return cpu();
    const [rows, columns] = sides(images, attrs.size, attrs);
    return resample(backend, 'resizeNearest', images, attrs.size, nearestPixels(rows), nearestPixels(columns));
  },

  [tf.ResizeNearestNeighborGrad](
    { inputs: { images, dy }, attrs, backend }: KernelArguments<'images' | 'dy', GradAttrs>,
    cpu,
  ) {
    if (!isFloat(images) || !isFloat(dy)) return cpu();
    const [rows, columns] = sides(images, sizeOf(dy), backward(attrs));
    return resample(backend, 'resizeNearestGrad', dy, sizeOf(images), firstTakers(rows), firstTakers(columns));
  },

  [tf.ResizeBilinear]({ inputs: { images }, attrs, backend }: KernelArguments<'images', tf.ResizeBilinearAttrs>, cpu) {
    if (!isFloat(images)) return cpu();
    const [rows, columns] = sides(images, attrs.size, attrs);
    return resample(backend, 'resizeBilinear', images, attrs.size, neighbours(rows), neighbours(columns));
  },

  [tf.ResizeBilinearGrad](
    { inputs: { images, dy }, attrs, backend }: KernelArguments<'images' | 'dy', GradAttrs>,
    cpu,
  ) {
    if (!isFloat(images) || !isFloat(dy)) return cpu();
    const [rows, columns] = sides(images, sizeOf(dy), backward(attrs));
    return resample(backend, 'resizeBilinearGrad', dy, sizeOf(images), neighbours(rows), neighbours(columns));
  },
};
