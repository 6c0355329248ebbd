import { tf } from '../index.ts';

/** A shader may bind eight buffers wherever WebGPU runs, and one is the sum's. */
const MOST = 7;

interface AddNArguments {
  readonly inputs: readonly tf.TensorInfo[];
  readonly backend: { disposeData(dataId: object): void };
}

/**
 * Has tfjs's `AddN` add up a few at a time: of eight tensors and more it makes a shader that WebGPU refuses, and goes on
 * without their sum.
 */
export function splitAddN(): void {
  const config = tf.getKernel('AddN', 'webgpu');
  if (config === undefined) return;
  const add = config.kernelFunc as unknown as (args: AddNArguments) => tf.TensorInfo;
  tf.unregisterKernel('AddN', 'webgpu');
  tf.registerKernel({ ...config, kernelFunc: ((args: AddNArguments) => addInParts(add, args)) as never });
}

function addInParts(add: (args: AddNArguments) => tf.TensorInfo, { inputs, backend }: AddNArguments): tf.TensorInfo {
  let sum = add({ inputs: inputs.slice(0, MOST), backend });
  for (let first = MOST; first < inputs.length; first += MOST - 1) {
    const soFar = sum;
    sum = add({ inputs: [soFar, ...inputs.slice(first, first + MOST - 1)], backend });
    backend.disposeData(soFar.dataId);
  }
  return sum;
}
