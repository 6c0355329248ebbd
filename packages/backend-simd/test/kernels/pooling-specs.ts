import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { Tolerance } from '../support/compare.ts';
import { cpuBackend, evaluate, type KernelCall, type Values } from '../support/evaluate.ts';
import { type Content, floats, integers, ofType, seeds, types } from '../support/samples.ts';
import { largeWindows, type Windows, windows } from '../support/windows.ts';
import { input, type KernelSpec, likeCpu } from './kernel-spec.ts';

const someContents = fc.constantFrom<Content>('plain', 'special');

/** Numbers of which several are the largest, so that it shows to which the gradient goes. */
function withTies(shape: number[], seed: number): Values {
  const { values } = integers(shape, seed, -2, 3);
  return { shape, dtype: 'float32', values: Float32Array.from(values) };
}

function attrsOf({ filterSize, strides, pad }: Windows): object {
  return { filterSize, strides, pad };
}

function forward(tolerance: (call: KernelCall) => Tolerance): KernelSpec {
  return {
    calls: fc
      .record({ w: windows, dtype: types, seed: seeds, content: someContents })
      .map(({ w, dtype, seed, content }) => ({
        inputs: { x: ofType(dtype, w.shape, seed, content) },
        attrs: attrsOf(w),
      })),
    large: largeWindows.map((w, i) => ({ inputs: { x: floats(w.shape, i, 'special') }, attrs: attrsOf(w) })),
    check: likeCpu(tolerance),
  };
}

function outShape({ shape, filterSize, strides, pad }: Windows): number[] {
  return tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad as 'same').outShape;
}

/** dy, x and the pooled x; the kernels don't read the last. */
function gradientCall(w: Windows, x: Values, dy: Values): KernelCall {
  return { inputs: { dy, input: x, output: dy }, attrs: attrsOf(w) };
}

function gradient(tolerance: (call: KernelCall) => Tolerance): KernelSpec {
  return {
    calls: fc
      .record({ w: windows, seed: seeds, content: someContents, ties: fc.boolean() })
      .map(({ w, seed, content, ties }) => {
        const x = ties ? withTies(w.shape, seed) : floats(w.shape, seed, content);
        return gradientCall(w, x, floats(outShape(w), seed + 1));
      }),
    large: largeWindows.map((w, i) => gradientCall(w, withTies(w.shape, i), floats(outShape(w), i + 9))),
    check: likeCpu(tolerance),
  };
}

/** cpu sums a window in float64; relative to the sum of magnitudes. */
function sumTolerance(name: string, key: 'x' | 'dy'): (call: KernelCall) => Tolerance {
  return (call) => {
    const x = input(call, key);
    const absolute = { ...x, values: x.values.map(Math.abs) as Values['values'] };
    const [magnitudes] = evaluate(cpuBackend, name, { ...call, inputs: { ...call.inputs, [key]: absolute } });
    const [height, width] = (call.attrs as Windows).filterSize;
    const rounding = (height + width) * 2 ** -24;
    return { ulps: 1, absolute: Float64Array.from((magnitudes as Values).values, (sum) => sum * rounding) };
  };
}

/** Only overlapping windows add, as many as a window has pixels. */
const gradientTolerance = sumTolerance(tf.MaxPoolGrad, 'dy');

export const poolingSpecs: Record<string, KernelSpec> = {
  [tf.MaxPool]: forward(() => ({})),
  [tf.AvgPool]: forward(sumTolerance(tf.AvgPool, 'x')),
  [tf.MaxPoolGrad]: gradient(gradientTolerance),
  [tf.AvgPoolGrad]: gradient(sumTolerance(tf.AvgPoolGrad, 'dy')),
};
