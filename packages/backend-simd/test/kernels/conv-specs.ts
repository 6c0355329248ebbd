import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { Tolerance } from '../support/compare.ts';
import { cpuBackend, evaluate, type KernelCall, type Values } from '../support/evaluate.ts';
import { floats, integers, seeds } from '../support/samples.ts';
import { type KernelSpec, likeCpu } from './kernel-spec.ts';

type Pad = 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];

interface Convolution {
  readonly input: readonly [number, number, number, number];
  readonly filter: readonly [number, number];
  readonly outputs: number;
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad: Pad;
  readonly seed: number;
}

const extent = (max: number) => fc.integer({ min: 1, max });
const channels = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(16, 24));
const explicit: Pad = [
  [0, 0],
  [2, 1],
  [0, 3],
  [0, 0],
];

const convolutions: fc.Arbitrary<Convolution> = fc
  .record({
    batch: fc.integer({ min: 0, max: 3 }),
    height: extent(13),
    width: extent(13),
    inputs: channels,
    outputs: channels,
    filter: fc.oneof(fc.constant<[number, number]>([3, 3]), fc.tuple(extent(4), extent(4))),
    stride: fc.oneof(fc.constant<[number, number]>([1, 1]), fc.tuple(extent(3), extent(3))),
    dilation: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(2) }),
    pad: fc.constantFrom<Pad>('same', 'valid', 0, 1, explicit),
    seed: seeds,
  })
  .map(({ batch, height, width, inputs, stride, dilation, ...rest }) => ({
    ...rest,
    input: [batch, height, width, inputs] as const,
    // A convolution may not have both.
    strides: dilation > 1 ? ([1, 1] as [number, number]) : stride,
    dilations: [dilation, dilation] as [number, number],
  }))
  .filter((c) => outputShape(c) !== undefined);

/** Undefined where no pixel is left. */
function outputShape({ input, filter, outputs, strides, dilations, pad }: Convolution): number[] | undefined {
  const shapes = [[...input], [...filter, input[3], outputs]] as [typeof input, typeof input];
  const info = tf.backend_util.computeConv2DInfo(
    ...(shapes as unknown as [[number, number, number, number], [number, number, number, number]]),
    strides,
    dilations,
    pad,
    typeof pad === 'number' ? 'floor' : undefined,
  );
  return info.outHeight > 0 && info.outWidth > 0 ? info.outShape : undefined;
}

function attributes({ strides, dilations, pad }: Convolution): object {
  const dimRoundingMode = typeof pad === 'number' ? 'floor' : undefined;
  return { strides, dilations, pad, dimRoundingMode, dataFormat: 'NHWC' };
}

function forward(c: Convolution): KernelCall {
  const { input, filter, outputs, seed } = c;
  return {
    inputs: { x: floats([...input], seed), filter: floats([...filter, input[3], outputs], seed + 1) },
    attrs: attributes(c),
  };
}

function fused(c: Convolution, activation: string, bias: boolean): KernelCall {
  const { inputs, attrs } = forward(c);
  return {
    inputs: { ...inputs, ...(bias && { bias: floats([c.outputs], c.seed + 2) }) },
    attrs: { ...attrs, activation, leakyreluAlpha: 0.3 },
  };
}

function inputGrad(c: Convolution): KernelCall {
  const { input, filter, outputs, seed } = c;
  const dy = floats(outputShape(c) as number[], seed);
  return {
    inputs: { dy, filter: floats([...filter, input[3], outputs], seed + 1) },
    attrs: { ...attributes(c), inputShape: [...input] },
  };
}

function filterGrad(c: Convolution): KernelCall {
  const { input, filter, outputs, seed } = c;
  return {
    inputs: { x: floats([...input], seed), dy: floats(outputShape(c) as number[], seed + 1) },
    attrs: { ...attributes(c), filterShape: [...filter, input[3], outputs] },
  };
}

/**
 * What Winograd's method may be off by, in units of 2^-24 of the largest sum of magnitudes in the result: its errors are
 * relative to all that a tile sees, not to one pixel. Direct sums stay below k such units for k terms; they are held to the
 * same. Measured for the method: at most 12 in 1,400 random images, for each of the three products.
 */
const UNITS = 16;

function roundingBound(name: string): (call: KernelCall) => Tolerance {
  return ({ inputs, attrs }) => {
    const magnitudes = Object.entries(inputs as Readonly<Record<string, Values>>).map(
      ([key, value]) => [key, { ...value, values: value.values.map(Math.abs) as Values['values'] }] as const,
    );
    const call = { inputs: Object.fromEntries(magnitudes), attrs: { ...attrs, activation: 'linear' } };
    const [magnitude] = evaluate(cpuBackend, name, call) as [Values];
    const largest = (magnitude.values as Float32Array).reduce((a, b) => Math.max(a, b), 0);
    // cpu's exp(x) - 1 has lost all digits of a small x.
    return { ulps: 8, absolute: UNITS * 2 ** -24 * largest + 2 ** -52 };
  };
}

const base = { filter: [3, 3], strides: [1, 1], dilations: [1, 1], pad: 'same', seed: 5 } as const;

const large: Convolution[] = [
  { ...base, input: [3, 22, 19, 16], outputs: 24, strides: [1, 1], dilations: [1, 1] },
  { ...base, input: [24, 7, 7, 16], outputs: 16, strides: [1, 1], dilations: [1, 1], pad: 'valid' },
  { ...base, input: [3, 29, 30, 5], outputs: 9, strides: [2, 2], dilations: [1, 1] },
  { ...base, input: [20, 13, 13, 1], outputs: 32, strides: [1, 1], dilations: [1, 1] },
  { ...base, input: [20, 13, 13, 12], outputs: 1, strides: [1, 1], dilations: [1, 1] },
  { ...base, filter: [1, 1], input: [20, 14, 13, 11], outputs: 19, strides: [1, 1], dilations: [1, 1] },
  // Six pixels of the input's first phase, in two images, of which the last is as far from the first as if they stood in a row.
  { ...base, input: [2, 3, 4, 16], outputs: 8, strides: [2, 3], dilations: [1, 1] },
];

/** Left to the cpu kernel. */
const integerCall: fc.Arbitrary<KernelCall> = seeds.map((seed) => ({
  inputs: { x: integers([1, 4, 4, 2], seed), filter: integers([2, 2, 2, 3], seed + 1) },
  attrs: { strides: 1, dilations: 1, pad: 'same', dataFormat: 'NHWC' },
}));

const activations = ['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu'];
/** The derivatives of dilated convolutions are not defined by tfjs. */
const differentiable = convolutions.filter(({ dilations }) => dilations[0] === 1);

export const convSpecs: Record<string, KernelSpec> = {
  [tf.Conv2D]: {
    calls: fc.oneof({ weight: 19, arbitrary: convolutions.map(forward) }, { weight: 1, arbitrary: integerCall }),
    large: large.map(forward),
    check: likeCpu(roundingBound(tf.Conv2D)),
  },
  [tf.FusedConv2D]: {
    calls: fc
      .record({ convolution: convolutions, activation: fc.constantFrom(...activations), bias: fc.boolean() })
      .map(({ convolution, activation, bias }) => fused(convolution, activation, bias)),
    large: large.map((c, i) => fused(c, activations[i % activations.length] as string, true)),
    check: likeCpu(roundingBound(tf.FusedConv2D)),
  },
  [tf.Conv2DBackpropInput]: {
    calls: differentiable.map(inputGrad),
    large: large.map(inputGrad),
    check: likeCpu(roundingBound(tf.Conv2DBackpropInput)),
  },
  [tf.Conv2DBackpropFilter]: {
    calls: differentiable.map(filterGrad),
    large: large.map(filterGrad),
    check: likeCpu(roundingBound(tf.Conv2DBackpropFilter)),
  },
};
