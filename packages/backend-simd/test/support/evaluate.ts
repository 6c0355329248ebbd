import * as tf from '@tensorflow/tfjs-core';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { NumericArray, NumericType } from '../../src/tensor-data.ts';

/** A tensor as plain data. */
export interface Values {
  readonly shape: number[];
  readonly dtype: NumericType;
  readonly values: NumericArray;
}

export type Inputs = Readonly<Record<string, Values>> | readonly Values[];

export interface KernelCall {
  readonly inputs: Inputs;
  readonly attrs: object;
}

/** tfjs's cpu backend, outside of the engine: the oracle. */
export const cpuBackend = new MathBackendCPU();

/** Inputs that a kernel may write its outputs over, as its description says. */
const consumed: Readonly<Record<string, readonly string[]>> = {
  FusedAdam: ['param', 'm', 'v'],
  DenseActivationGrad: ['dy'],
};

/** Kernels that return nothing, but change their inputs: these count as what they have put out. */
const inPlace: ReadonlySet<string> = new Set(['FusedAdamInPlace']);

/**
 * Runs a kernel on a backend, without the engine around it: inputs are written, outputs read, everything disposed of.
 * Throws if the kernel changes an input or leaves tensors behind.
 */
export function evaluate(backend: MathBackendCPU, name: string, { inputs, attrs }: KernelCall): Values[] {
  const backendName = backend === cpuBackend ? 'cpu' : 'simd';
  const kernel = tf.getKernel(name, backendName);
  if (!kernel) throw new Error(`${backendName} has no kernel ${name}`);
  const before = backend.numDataIds();
  const entries = Object.entries(inputs as Readonly<Record<string, Values>>);
  const infos = entries.map(([, value]) => upload(backend, value));
  const named = Array.isArray(inputs) ? infos : Object.fromEntries(entries.map(([key], i) => [key, infos[i]]));
  const result = kernel.kernelFunc({
    inputs: named as tf.NamedTensorInfoMap,
    backend,
    attrs: attrs as tf.NamedAttrMap,
  });
  const outputs = (inPlace.has(name) ? infos : [result].flat()).map((info) => download(backend, info));
  entries.forEach(([key, value], i) => {
    if (inPlace.has(name) || consumed[name]?.includes(key)) return;
    const { values } = download(backend, infos[i] as tf.TensorInfo);
    if (!sameBits(values, value.values)) throw new Error(`${name} on ${backendName} changed its input ${key}`);
  });
  for (const { dataId } of [infos, result].flat()) backend.disposeData(dataId);
  if (backend.numDataIds() !== before) throw new Error(`${name} on ${backendName} left tensors behind`);
  return outputs;
}

function upload(backend: MathBackendCPU, { values, shape, dtype }: Values): tf.TensorInfo {
  return { dataId: backend.write(values.slice(), shape, dtype), shape, dtype };
}

function download(backend: MathBackendCPU, { dataId, shape, dtype }: tf.TensorInfo): Values {
  return { shape, dtype: dtype as NumericType, values: (backend.readSync(dataId) as NumericArray).slice() };
}

export function sameBits(a: NumericArray, b: NumericArray): boolean {
  return Buffer.compare(bytes(a), bytes(b)) === 0;
}

function bytes({ buffer, byteOffset, byteLength }: NumericArray): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}
