import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expectClose, type Tolerance } from '../support/compare.ts';
import { cpuBackend, evaluate, type KernelCall, type Values } from '../support/evaluate.ts';
import { floats, seeds, sizeOf } from '../support/samples.ts';
import { input, type KernelSpec, likeCpu } from './kernel-spec.ts';

interface Resize {
  readonly shape: [number, number, number, number];
  readonly size: [number, number];
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

const side = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(4, 8, 14));
const modes = fc.constantFrom([false, false], [true, false], [false, true]);

const resizes: fc.Arbitrary<Resize> = fc
  .record({
    shape: fc.tuple(fc.integer({ min: 0, max: 3 }), side, side, fc.constantFrom(1, 2, 3, 4, 7, 8, 20)),
    size: fc.tuple(side, side),
    double: fc.boolean(),
    mode: modes,
  })
  .map(({ shape, size, double, mode }) => ({
    shape,
    size: double ? [shape[1] * 2, shape[2] * 2] : size,
    alignCorners: mode[0] as boolean,
    halfPixelCenters: mode[1] as boolean,
  }));

const large: readonly Resize[] = [
  { shape: [5, 14, 14, 20], size: [28, 28], alignCorners: false, halfPixelCenters: false },
  { shape: [4, 17, 13, 21], size: [40, 39], alignCorners: true, halfPixelCenters: false },
  { shape: [4, 41, 43, 17], size: [19, 17], alignCorners: false, halfPixelCenters: true },
];

const attrsOf = ({ size, alignCorners, halfPixelCenters }: Resize): object => ({
  size,
  alignCorners,
  halfPixelCenters,
});

function forwardCall(resize: Resize, seed: number): KernelCall {
  return { inputs: { images: floats(resize.shape, seed) }, attrs: attrsOf(resize) };
}

function gradientCall(resize: Resize, seed: number): KernelCall {
  const [batch, , , channels] = resize.shape;
  const dy = floats([batch, ...resize.size, channels], seed);
  return { inputs: { images: floats(resize.shape, seed + 1), dy }, attrs: attrsOf(resize) };
}

/** tfjs's cpu kernel never returns where one pixel is to stand for several and corners are aligned. */
function ends({ shape, size, alignCorners }: Resize): boolean {
  return !alignCorners || [0, 1].every((i) => shape[i + 1] !== 1 || size[i] === 1);
}

/**
 * The gradient by tfjs's cpu kernels, one picture at a time: their nearest one takes the second picture of dy from the wrong
 * place, and their bilinear one exchanges height and width in the shape of its result.
 */
function gradientByCpu(name: string, call: KernelCall, dy: Values): Values {
  const images = input(call, 'images');
  const [batch, ...shape] = images.shape as [number, number, number, number];
  const values = new Float32Array(images.values.length);
  for (let i = 0; i < batch; i++) {
    const inputs = { images: pictureOf(images, i), dy: pictureOf(dy, i) };
    const [picture] = evaluate(cpuBackend, name, { ...call, inputs });
    values.set((picture as Values).values, i * sizeOf(shape));
  }
  return { ...images, values };
}

function pictureOf({ shape, values, dtype }: Values, i: number): Values {
  const size = sizeOf(shape.slice(1));
  return { shape: [1, ...shape.slice(1)], dtype, values: values.slice(i * size, (i + 1) * size) };
}

/** Relative to the largest number: cpu computes in float64. */
function mixed(call: KernelCall): Tolerance {
  const largest = Math.max(0, ...Array.from(input(call, 'images').values, Math.abs));
  return { absolute: largest * 2 ** -21 };
}

function checkGradient(name: string, call: KernelCall, outputs: readonly Values[]): void {
  const dy = input(call, 'dy');
  const expected = gradientByCpu(name, call, dy);
  const magnitudes = gradientByCpu(name, call, { ...dy, values: dy.values.map(Math.abs) as Values['values'] });
  const absolute = Float64Array.from(magnitudes.values, (sum) => sum * 2 ** -20);
  expectClose(outputs[0] as Values, expected, { absolute });
}

const gradient: KernelSpec = {
  calls: fc.tuple(resizes.filter(ends), seeds).map(([resize, seed]) => gradientCall(resize, seed)),
  large: large.map(gradientCall),
  check: checkGradient,
};

function forward(check: KernelSpec['check']): KernelSpec {
  return {
    calls: fc.tuple(resizes, seeds).map(([resize, seed]) => forwardCall(resize, seed)),
    large: large.map(forwardCall),
    check,
  };
}

export const resizeSpecs: Record<string, KernelSpec> = {
  [tf.ResizeNearestNeighbor]: forward(likeCpu()),
  [tf.ResizeNearestNeighborGrad]: gradient,
  [tf.ResizeBilinear]: forward(likeCpu(mixed)),
  [tf.ResizeBilinearGrad]: gradient,
};
