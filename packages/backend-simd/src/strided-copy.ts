import type { SimdBackend } from './backend.ts';

/** One dimension of a copy: how many times, and how far apart on either side, in elements. */
export interface CopyAxis {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

/** Elements from one index to the next, for each dimension of a dense tensor. */
export function denseStrides(shape: readonly number[]): number[] {
  const strides: number[] = [];
  let stride = 1;
  for (const size of shape.toReversed()) {
    strides.unshift(stride);
    stride *= size;
  }
  return strides;
}

/** Copies elements of `bytes` bytes between two addresses, along `axes`, the outermost first. */
export function copyStrided(
  backend: SimdBackend,
  from: number,
  to: number,
  axes: readonly CopyAxis[],
  bytes: number,
): void {
  if (axes.some(({ size }) => size === 0)) return;
  const merged = merge(axes);
  const inner = merged.at(-1);
  const dense = inner?.from === 1 && inner.to === 1;
  const outer = dense ? merged.slice(0, -1) : merged;
  const { kernels, memory, table } = backend.runtime;
  const words = outer.toReversed().flatMap((axis) => [axis.size, axis.from * bytes, axis.to * bytes]);
  new Int32Array(memory.buffer, table, words.length).set(words);
  kernels.copyStrided(from, to, dense ? inner.size * bytes : bytes, outer.length, table);
}

/** The same axes, with neighbours made one where both sides run through them evenly. */
function merge(axes: readonly CopyAxis[]): CopyAxis[] {
  const merged: CopyAxis[] = [];
  for (const axis of axes) {
    const outer = merged.at(-1);
    if (axis.size === 1) continue;
    const goesOn = outer?.from === axis.from * axis.size && outer.to === axis.to * axis.size;
    if (goesOn) merged[merged.length - 1] = { ...axis, size: outer.size * axis.size };
    else merged.push(axis);
  }
  return merged;
}
