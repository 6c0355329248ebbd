import * as tf from '@tensorflow/tfjs-core';
import type { SimdBackend } from '../backend.ts';
import { isFloat, type KernelArguments, type SimdKernel } from '../kernel.ts';
import { writeWindow } from '../window.ts';

type Shape4D = [number, number, number, number];
type Pool = 'maxPool' | 'avgPool';

function windows(x: tf.TensorInfo, attrs: tf.MaxPoolAttrs | tf.AvgPoolAttrs): tf.backend_util.Conv2DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  return tf.backend_util.computePool2DInfo(x.shape as Shape4D, filterSize, strides, 1, pad, dimRoundingMode);
}

function pool(kernel: Pool, backend: SimdBackend, x: tf.TensorInfo, info: tf.backend_util.Conv2DInfo): tf.TensorInfo {
  const out = backend.output(info.outShape);
  const [from, to] = [backend.address(x), backend.address(out)];
  if (tf.util.sizeFromShape(info.outShape) > 0) backend.runtime.kernels[kernel](from, to, writeWindow(backend, info));
  return out;
}

function forward(kernel: Pool): SimdKernel {
  return ({ inputs: { x }, attrs, backend }: KernelArguments<'x', tf.MaxPoolAttrs>, cpu) => {
    if (!isFloat(x)) return cpu();
    const info = windows(x, attrs);
    // A window of one pixel passes NaN on.
    return info.filterHeight === 1 && info.filterWidth === 1 ? cpu() : pool(kernel, backend, x, info);
  };
}

/** The windows of a gradient; undefined where dy has not one number for each of them, as with `dimRoundingMode`. */
function windowsOf(
  dy: tf.TensorInfo,
  x: tf.TensorInfo,
  attrs: tf.MaxPoolAttrs,
): tf.backend_util.Conv2DInfo | undefined {
  const info = windows(x, { ...attrs, dimRoundingMode: undefined as never });
  return isFloat(dy) && isFloat(x) && tf.util.arraysEqual(dy.shape, info.outShape) ? info : undefined;
}

export const poolingKernels: Record<string, SimdKernel> = {
  [tf.MaxPool]: forward('maxPool'),
  [tf.AvgPool]: forward('avgPool'),

  [tf.MaxPoolGrad](
    { inputs: { dy, input: x }, attrs, backend }: KernelArguments<'dy' | 'input', tf.MaxPoolAttrs>,
    cpu,
  ) {
    const info = windowsOf(dy, x, attrs);
    if (!info) return cpu();
    const dx = backend.output(x.shape);
    const [xAt, dyAt, dxAt] = [backend.address(x), backend.address(dy), backend.address(dx)];
    backend.runtime.kernels.maxPoolGrad(xAt, dyAt, dxAt, writeWindow(backend, info));
    return dx;
  },

  [tf.AvgPoolGrad](
    { inputs: { dy, input: x }, attrs, backend }: KernelArguments<'dy' | 'input', tf.AvgPoolAttrs>,
    cpu,
  ) {
    const info = windowsOf(dy, x, attrs);
    if (!info) return cpu();
    const dx = backend.output(x.shape);
    backend.runtime.kernels.avgPoolGrad(backend.address(dy), backend.address(dx), writeWindow(backend, info));
    return dx;
  },
};
