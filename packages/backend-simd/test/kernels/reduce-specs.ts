import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expectClose, type Tolerance } from '../support/compare.ts';
import { cpuBackend, evaluate, type KernelCall, type Values } from '../support/evaluate.ts';
import { contents, floats, ofType, seeds, shapes, sizeOf, types } from '../support/samples.ts';
import { input, type KernelSpec, likeCpu } from './kernel-spec.ts';

type AxisName = 'axis' | 'reductionIndices';

const LARGE: readonly [number[], number[]][] = [
  [[100_003], [0]],
  [[3, 70_001], [1]],
  [[301, 203], [1]],
  [[301, 203], [0]],
  [[5, 70, 203], [1]],
  [[2, 40_001, 3], [1]],
  [[3, 9001, 37], [1]],
  [
    [5, 31, 29, 32],
    [0, 1, 2],
  ],
  [
    [7, 30, 11, 29],
    [0, 2],
  ],
  [
    [7, 30, 11, 29],
    [1, 3],
  ],
];

function axesOf(call: KernelCall): number[] {
  const { axis, reductionIndices } = call.attrs as Record<AxisName, number[] | null>;
  return tf.util.parseAxisParam((axis ?? reductionIndices) as number[], input(call, 'x').shape);
}

function reductionLength(call: KernelCall): number {
  const { shape } = input(call, 'x');
  return sizeOf(axesOf(call).map((axis) => shape[axis] as number));
}

function reduction(axisName: AxisName, tolerance: (call: KernelCall) => Tolerance): KernelSpec {
  const calls = shapes()
    .chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        dtype: types,
        seed: seeds,
        content: contents,
        keepDims: fc.boolean(),
        axes: fc.oneof(
          fc.shuffledSubarray(shape.map((_, i) => i)),
          fc.subarray(shape.map((_, i) => i - shape.length)),
          fc.constant(null),
        ),
      }),
    )
    .map(({ shape, dtype, seed, content, keepDims, axes }): KernelCall => {
      return { inputs: { x: ofType(dtype, shape, seed, content) }, attrs: { [axisName]: axes, keepDims } };
    });
  return {
    calls,
    large: LARGE.map(([shape, axes], i) => ({
      inputs: { x: floats(shape, i) },
      attrs: { [axisName]: axes, keepDims: i % 2 === 0 },
    })),
    check: likeCpu(tolerance),
  };
}

/** The same reduction of the magnitudes, which rounding errors are relative to. */
function magnitudes(name: string, call: KernelCall): Float64Array {
  const x = input(call, 'x');
  const absolute = { ...x, values: x.values.map(Math.abs) as Values['values'] };
  const [result] = evaluate(cpuBackend, name, { inputs: { x: absolute }, attrs: call.attrs });
  return Float64Array.from((result as Values).values);
}

/** Both sum in float64, in different orders. */
function sumTolerance(call: KernelCall): Tolerance {
  const scale = reductionLength(call) * 2 ** -52;
  return { ulps: 1, absolute: magnitudes(tf.Sum, call).map((x) => x * scale) };
}

/** cpu divides each number by the count first and rounds that. */
function meanTolerance(call: KernelCall): Tolerance {
  const tiny = reductionLength(call) * 2 ** -149;
  return { ulps: 1, absolute: magnitudes(tf.Mean, call).map((x) => x * 2 ** -23 + tiny) };
}

function lastAxis(name: 'dim' | 'axis'): fc.Arbitrary<KernelCall> {
  return fc
    .record({ shape: shapes({ min: 1, max: 5 }), seed: seeds, content: contents })
    .map(({ shape, seed, content }) => ({
      inputs: { logits: floats(shape, seed, content) },
      attrs: { [name]: shape.length - 1 },
    }));
}

const largeLogits = (name: 'dim' | 'axis'): KernelCall[] =>
  [
    [128, 10],
    [300, 101],
    [3, 20_001],
  ].map((shape, i) => ({
    inputs: { logits: floats(shape, i) },
    attrs: { [name]: 1 },
  }));

/** The sum over a row is taken in float32. */
function softmaxTolerance(call: KernelCall): Tolerance {
  return { ulps: 6 + (input(call, 'logits').shape.at(-1) as number) / 16, absolute: 2 ** -149 };
}

/** tfjs has no cpu kernel by this name: x - max - log(sum(exp(x - max))), in float64. */
function checkLogSoftmax(_name: string, call: KernelCall, outputs: readonly Values[]): void {
  const logits = input(call, 'logits');
  const length = logits.shape.at(-1) as number;
  const expected = new Float32Array(logits.values.length);
  const absolute = new Float64Array(expected.length);
  for (let start = 0; start < expected.length; start += length) {
    const row = Float64Array.from(logits.values.subarray(start, start + length));
    const largest = Math.max(...row);
    const shifted = row.map((x) => x - largest);
    const logTotal = Math.log(shifted.reduce((sum, x) => sum + Math.exp(x), 0));
    shifted.forEach((x, i) => {
      expected[start + i] = x - logTotal;
      absolute[start + i] = 2 ** -22 * (Math.abs(x) + logTotal + 1);
    });
  }
  expectClose(outputs[0] as Values, { ...logits, values: expected }, { ulps: 2, absolute });
}

export const reduceSpecs: Record<string, KernelSpec> = {
  [tf.Sum]: reduction('axis', sumTolerance),
  [tf.Mean]: reduction('axis', meanTolerance),
  [tf.Max]: reduction('reductionIndices', () => ({})),
  [tf.Min]: reduction('axis', () => ({})),
  [tf.Softmax]: { calls: lastAxis('dim'), large: largeLogits('dim'), check: likeCpu(softmaxTolerance) },
  [tf.LogSoftmax]: { calls: lastAxis('axis'), large: largeLogits('axis'), check: checkLogSoftmax },
};
