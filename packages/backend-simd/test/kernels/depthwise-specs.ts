import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { Tolerance } from '../support/compare.ts';
import { cpuBackend, evaluate, type KernelCall, type Values } from '../support/evaluate.ts';
import { floats, seeds } from '../support/samples.ts';
import { largeWindows, type Windows, windows } from '../support/windows.ts';
import { input, type KernelSpec, likeCpu } from './kernel-spec.ts';

interface Depthwise extends Windows {
  /** Channels made of each. */
  readonly times: number;
  readonly dilations: [number, number];
}

const depthwise: fc.Arbitrary<Depthwise> = fc
  .record({ w: windows, times: fc.constantFrom(1, 1, 1, 2, 3), dilation: fc.constantFrom(1, 1, 2) })
  .map(({ w, times, dilation }) => {
    // tfjs knows dilations only of windows that move by one.
    const dilated = dilation > 1 && w.pad === 'same';
    return { ...w, times, strides: dilated ? [1, 1] : w.strides, dilations: dilated ? [dilation, dilation] : [1, 1] };
  });

const large: readonly Depthwise[] = largeWindows.map((w, i) => ({ ...w, times: i === 1 ? 2 : 1, dilations: [1, 1] }));

function info({ shape, filterSize, strides, pad, times, dilations }: Depthwise): tf.backend_util.Conv2DInfo {
  const filterShape: [number, number, number, number] = [...filterSize, shape[3], times];
  return tf.backend_util.computeConv2DInfo(shape, filterShape, strides, dilations, pad as 'same', undefined, true);
}

type MakeCall = (w: Depthwise, seed: number) => KernelCall;

const attrsOf = ({ strides, pad, dilations }: Depthwise) => ({ strides, pad, dilations });

const forwardCall: MakeCall = (w, seed) => ({
  inputs: { x: floats(w.shape, seed), filter: floats(info(w).filterShape, seed + 1) },
  attrs: attrsOf(w),
});

function fusedCall(activation: string): MakeCall {
  return (w, seed) => {
    const call = forwardCall(w, seed);
    const bias = floats([info(w).outChannels], seed + 2);
    return { inputs: { ...call.inputs, bias }, attrs: { ...call.attrs, activation, leakyreluAlpha: 0.2 } };
  };
}

const inputGradCall: MakeCall = (w, seed) => ({
  inputs: { dy: floats(info(w).outShape, seed), filter: floats(info(w).filterShape, seed + 1) },
  attrs: { ...attrsOf(w), inputShape: w.shape },
});

const filterGradCall: MakeCall = (w, seed) => ({
  inputs: { x: floats(w.shape, seed), dy: floats(info(w).outShape, seed + 1) },
  attrs: { ...attrsOf(w), filterShape: info(w).filterShape },
});

/** cpu sums in float64: relative to the sum of magnitudes, and to that of an activation that no more than keeps distances. */
function summed(name: string, terms: number): (call: KernelCall) => Tolerance {
  return (call) => {
    const inputs = Object.fromEntries(
      Object.keys(call.inputs).map((key) => {
        const x = input(call, key);
        return [key, { ...x, values: x.values.map(Math.abs) as Values['values'] }];
      }),
    );
    const [sums] = evaluate(cpuBackend, name, { inputs, attrs: { ...call.attrs, activation: 'linear' } });
    return { ulps: 2, absolute: Float64Array.from((sums as Values).values, (sum) => (sum * terms + 2) * 2 ** -24) };
  };
}

function spec(make: MakeCall, tolerance: (call: KernelCall) => Tolerance, arbitrary = depthwise): KernelSpec {
  return {
    calls: fc.tuple(arbitrary, seeds).map(([w, seed]) => make(w, seed)),
    large: large.map(make),
    check: likeCpu(tolerance),
  };
}

/** tfjs has no gradients of dilated windows. */
const undilated = depthwise.map((w): Depthwise => ({ ...w, dilations: [1, 1] }));

const fused: KernelSpec = {
  ...spec(fusedCall('relu'), summed(tf.FusedDepthwiseConv2D, 16)),
  calls: fc
    .record({
      w: depthwise,
      seed: seeds,
      activation: fc.constantFrom('linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu'),
    })
    .map(({ w, seed, activation }) => fusedCall(activation)(w, seed)),
};

export const depthwiseSpecs: Record<string, KernelSpec> = {
  [tf.DepthwiseConv2dNative]: spec(forwardCall, summed(tf.DepthwiseConv2dNative, 16)),
  [tf.FusedDepthwiseConv2D]: fused,
  [tf.DepthwiseConv2dNativeBackpropInput]: spec(
    inputGradCall,
    summed(tf.DepthwiseConv2dNativeBackpropInput, 16),
    undilated,
  ),
  [tf.DepthwiseConv2dNativeBackpropFilter]: spec(
    filterGradCall,
    summed(tf.DepthwiseConv2dNativeBackpropFilter, 30),
    undilated,
  ),
};
