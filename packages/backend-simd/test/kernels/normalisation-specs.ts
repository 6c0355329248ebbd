import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expectClose, type Tolerance } from '../support/compare.ts';
import type { KernelCall, Values } from '../support/evaluate.ts';
import { floats, seeds } from '../support/samples.ts';
import type { GroupNormAttrs } from '../../src/kernels/normalisation.ts';
import { input, type KernelSpec, likeCpu } from './kernel-spec.ts';

interface Case {
  readonly shape: number[];
  readonly groups: number;
  readonly activation: GroupNormAttrs['activation'];
  readonly shifted: boolean;
  readonly seed: number;
}

/** A call in float64, with everything by image, channel and element as the formulas have it. */
interface Norm {
  readonly batch: number;
  readonly pixels: number;
  readonly channels: number;
  readonly groups: number;
  readonly x: Float64Array;
  readonly gamma: Float64Array;
  readonly beta: Float64Array;
  readonly shift: Float64Array;
  readonly silu: boolean;
}

const EPSILON = 1e-3;

function normCall({ shape, groups, activation, shifted, seed }: Case): KernelCall {
  const [batch, channels] = [shape[0]!, shape.at(-1)!];
  const inputs = { x: floats(shape, seed), gamma: floats([channels], seed + 1), beta: floats([channels], seed + 2) };
  return {
    inputs: { ...inputs, ...(shifted && { shift: floats([batch, channels], seed + 3) }) },
    attrs: { groups, epsilon: EPSILON, activation },
  };
}

function readNorm(call: KernelCall): Norm {
  const attrs = call.attrs as GroupNormAttrs;
  const { shape } = input(call, 'x');
  const [batch, channels] = [shape[0]!, shape.at(-1)!];
  const pixels = shape.slice(1, -1).reduce((product, size) => product * size, 1);
  const values = (name: string) => Float64Array.from(input(call, name).values);
  const shift = 'shift' in call.inputs ? values('shift') : new Float64Array(batch * channels);
  const silu = attrs.activation === 'silu';
  return {
    ...{ batch, pixels, channels, groups: attrs.groups, shift, silu },
    ...{ x: values('x'), gamma: values('gamma'), beta: values('beta') },
  };
}

/** Mean and 1 / sqrt(variance + epsilon) of each image and group; where there are no pixels, of the shifts and of 0. */
function statistics(norm: Norm): { mean: Float64Array; rstd: Float64Array } {
  const { batch, pixels, channels, groups, shift } = norm;
  const width = channels / groups;
  const count = pixels * width;
  const mean = new Float64Array(batch * groups);
  const square = new Float64Array(batch * groups);
  if (pixels === 0) shift.forEach((value, i) => (mean[Math.floor(i / width)]! += value / width));
  eachElement(norm, (_, group, value) => (mean[group]! += value / count));
  eachElement(norm, (_, group, value) => (square[group]! += (value - mean[group]!) ** 2 / count));
  return { mean, rstd: square.map((value) => 1 / Math.sqrt(value + EPSILON)) };
}

/** Calls `visit` with the position of each element, its group of all images' groups, and x + shift. */
function eachElement(
  { batch, pixels, channels, groups, x, shift }: Norm,
  visit: (at: number, group: number, value: number, channel: number, image: number) => void,
): void {
  const width = channels / groups;
  for (let at = 0; at < batch * pixels * channels; at++) {
    const channel = at % channels;
    const image = Math.floor(at / (pixels * channels));
    const group = image * groups + Math.floor(channel / width);
    visit(at, group, x[at]! + shift[image * channels + channel]!, channel, image);
  }
}

/** How far each group's mean may be off: sums of two times 16 numbers are taken in float32, the rest in float64. */
function meanErrors(norm: Norm): Float64Array {
  const count = (norm.pixels * norm.channels) / norm.groups;
  const errors = new Float64Array(norm.batch * norm.groups);
  eachElement(norm, (at, group) => (errors[group]! += (17 * 2 ** -24 * Math.abs(norm.x[at]!)) / count));
  return errors;
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** How far xhat may be off: x + (shift - mean) is rounded at the size of its terms, and so are its factors. */
function xhatError(value: number, mean: number, shift: number, rstd: number): number {
  return rstd * (2 ** -22 * (Math.abs(value - shift) + Math.abs(shift - mean)) + 2 ** -21 * Math.abs(value - mean));
}

function checkNorm(_name: string, call: KernelCall, outputs: readonly Values[]): void {
  const norm = readNorm(call);
  const { batch, channels, groups, gamma, beta, shift, silu } = norm;
  const { mean, rstd } = statistics(norm);
  const meanError = meanErrors(norm);
  const y = new Float64Array(norm.x.length);
  const bound = new Float64Array(norm.x.length);
  const rstdError = new Float64Array(batch * groups);
  const count = norm.x.length / (batch * groups);
  eachElement(norm, (at, group, value, channel, image) => {
    const hat = (value - mean[group]!) * rstd[group]!;
    const scaled = gamma[channel]! * hat;
    const z = scaled + beta[channel]!;
    y[at] = silu ? z * sigmoid(z) : z;
    const rounded = xhatError(value, mean[group]!, shift[image * channels + channel]!, rstd[group]!);
    // What each difference from the mean is off by counts in the variance, the more the smaller that is.
    rstdError[group]! += (rstd[group]! * Math.abs(hat) * rounded) / count;
    const error = rounded + rstd[group]! * meanError[group]!;
    bound[at] = Math.abs(gamma[channel]!) * error + 2 ** -21 * (Math.abs(scaled) + Math.abs(beta[channel]!));
  });
  checkAll(outputs, [
    { shape: input(call, 'x').shape, values: y, tolerance: { ulps: 4, absolute: bound } },
    { shape: [batch, groups], values: mean, tolerance: { ulps: 1, absolute: meanError } },
    { shape: [batch, groups], values: rstd, tolerance: { ulps: 8, absolute: rstdError } },
  ]);
}

function gradCall(of: Case): KernelCall {
  const call = normCall(of);
  const { mean, rstd } = statistics(readNorm(call));
  const shape = [of.shape[0]!, of.groups];
  const statistic = (values: Float64Array): Values => ({ shape, dtype: 'float32', values: Float32Array.from(values) });
  const dy = floats(of.shape, of.seed + 4);
  return { ...call, inputs: { ...call.inputs, dy, mean: statistic(mean), rstd: statistic(rstd) } };
}

function checkGrad(_name: string, call: KernelCall, outputs: readonly Values[]): void {
  const norm = readNorm(call);
  const { batch, pixels, channels, groups, gamma, beta, shift, silu } = norm;
  const [dy, mean, rstd] = ['dy', 'mean', 'rstd'].map((name) => Float64Array.from(input(call, name).values));
  const count = (pixels * channels) / groups;
  const [dz, xhat, dzError, error] = Array.from({ length: 4 }, () => new Float64Array(norm.x.length));
  const [scaled, product, scaledError] = Array.from({ length: 3 }, () => new Float64Array(batch * groups));
  const [dgamma, dbeta, gammaError, betaError] = Array.from({ length: 4 }, () => new Float64Array(channels));
  eachElement(norm, (at, group, value, c, image) => {
    const hat = (value - mean![group]!) * rstd![group]!;
    const z = gamma[c]! * hat + beta[c]!;
    const s = sigmoid(z);
    const off = xhatError(value, mean![group]!, shift[image * channels + c]!, rstd![group]!);
    const d = dy![at]! * (silu ? s * (1 + z * (1 - s)) : 1);
    const dOff = silu ? Math.abs(dy![at]!) * (2 ** -20 * (1 + Math.abs(z)) + Math.abs(gamma[c]!) * off) : 0;
    [dz![at], xhat![at], error![at], dzError![at]] = [d, hat, off, dOff];
    scaled![group]! += (gamma[c]! * d) / count;
    product![group]! += (gamma[c]! * d * hat) / count;
    const productOff = Math.abs(hat) * dOff + Math.abs(d) * off + 2 ** -21 * Math.abs(d * hat);
    scaledError![group]! += (Math.abs(gamma[c]!) * (dOff + productOff + 2 ** -21 * Math.abs(d))) / count;
    dgamma![c]! += d * hat;
    dbeta![c]! += d;
    gammaError![c]! += productOff;
    betaError![c]! += dOff + 2 ** -21 * Math.abs(d);
  });
  const dx = new Float64Array(norm.x.length);
  const dxError = new Float64Array(norm.x.length);
  const dshift = new Float64Array(batch * channels);
  const shiftError = new Float64Array(batch * channels);
  eachElement(norm, (at, group, _, c, image) => {
    const own = gamma[c]! * dz![at]!;
    const [hat, r] = [xhat![at]!, rstd![group]!];
    dx[at] = r * (own - scaled![group]! - hat * product![group]!);
    const terms = Math.abs(own) + Math.abs(scaled![group]!) + Math.abs(hat * product![group]!);
    const inherited = Math.abs(gamma[c]!) * dzError![at]! + Math.abs(product![group]!) * error![at]!;
    dxError[at] = r * (inherited + (1 + Math.abs(hat)) * scaledError![group]! + 2 ** -20 * terms);
    dshift[image * channels + c]! += dx[at];
    shiftError[image * channels + c]! += dxError[at];
  });
  const close = (values: Float64Array, absolute: Float64Array, shape: number[]) => {
    return { shape, values, tolerance: { ulps: 2, absolute } };
  };
  const expected = [
    close(dx, dxError, input(call, 'x').shape),
    close(dgamma!, gammaError!, [channels]),
    close(dbeta!, betaError!, [channels]),
  ];
  checkAll(outputs, 'shift' in call.inputs ? [...expected, close(dshift, shiftError, [batch, channels])] : expected);
}

function checkAll(
  outputs: readonly Values[],
  expected: readonly { shape: number[]; values: Float64Array; tolerance: Tolerance }[],
): void {
  if (outputs.length !== expected.length) throw new Error(`expected ${expected.length} outputs, got ${outputs.length}`);
  expected.forEach(({ shape, values, tolerance }, i) => {
    expectClose(outputs[i]!, { shape, dtype: 'float32', values: Float32Array.from(values) }, tolerance);
  });
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    batch: fc.integer({ min: 0, max: 4 }),
    inner: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 2 }),
    groups: fc.integer({ min: 1, max: 5 }),
    width: fc.integer({ min: 1, max: 9 }),
    activation: fc.constantFrom('linear' as const, 'silu' as const),
    shifted: fc.boolean(),
    seed: seeds,
  })
  .map(({ batch, inner, groups, width, ...rest }) => ({ shape: [batch, ...inner, groups * width], groups, ...rest }));

const large: readonly Case[] = [
  { shape: [3, 28, 28, 32], groups: 8, activation: 'silu', shifted: true, seed: 1 },
  { shape: [70, 7, 7, 24], groups: 3, activation: 'silu', shifted: false, seed: 2 },
  { shape: [5, 33, 21, 30], groups: 6, activation: 'linear', shifted: true, seed: 3 },
];

function batchNormCall(shape: number[], optional: readonly string[], seed: number): KernelCall {
  const numbers = (plus: number) => floats(shape.slice(-1), seed + plus);
  const variance = { ...numbers(2), values: (numbers(2).values as Float32Array).map(Math.abs) };
  const all = { x: floats(shape, seed), mean: numbers(1), variance, offset: numbers(3), scale: numbers(4) };
  const given = Object.entries(all).filter(([name]) => !['offset', 'scale'].includes(name) || optional.includes(name));
  return { inputs: Object.fromEntries(given), attrs: { varianceEpsilon: EPSILON } };
}

/** cpu computes in float64. */
function batchNormTolerance(call: KernelCall): Tolerance {
  const { mean, variance, scale, offset } = call.inputs as Record<string, Values>;
  const absolute = Float64Array.from(input(call, 'x').values, (x, i) => {
    const c = i % mean!.values.length;
    const factor = Math.abs(scale?.values[c] ?? 1) / Math.sqrt(variance!.values[c]! + EPSILON);
    return 2 ** -21 * (factor * (Math.abs(x) + Math.abs(mean!.values[c]!)) + Math.abs(offset?.values[c] ?? 0));
  });
  return { ulps: 2, absolute };
}

const batchNormCalls = fc
  .record({
    outer: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 3 }),
    channels: fc.integer({ min: 1, max: 40 }),
    optional: fc.subarray(['offset', 'scale']),
    seed: seeds,
  })
  .map(({ outer, channels, optional, seed }) => batchNormCall([...outer, channels], optional, seed));

export const normalisationSpecs: Record<string, KernelSpec> = {
  [tf.FusedBatchNorm]: {
    calls: batchNormCalls,
    large: [batchNormCall([16, 14, 14, 64], ['offset', 'scale'], 1), batchNormCall([900, 131], [], 2)],
    check: likeCpu(batchNormTolerance),
  },
  GroupNorm: { calls: cases.map(normCall), large: large.map(normCall), check: checkNorm },
  GroupNormGrad: { calls: cases.map(gradCall), large: large.map(gradCall), check: checkGrad },
};
