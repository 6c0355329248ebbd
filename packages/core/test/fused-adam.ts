import { tf } from '../src/index.ts';

interface Inputs {
  readonly param: tf.TensorInfo;
  readonly m: tf.TensorInfo;
  readonly v: tf.TensorInfo;
  readonly gradient: tf.TensorInfo;
}

interface Attributes {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly step: number;
}

/** A plain-JavaScript 'FusedAdam' for a backend that has none, after the contract that fused kernels follow. */
export function registerFusedAdam(backendName: string): void {
  tf.registerKernel({
    kernelName: 'FusedAdam',
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const storage = backend as tf.KernelBackend;
      const { param, m, v, gradient } = inputs as unknown as Inputs;
      const attributes = attrs as unknown as Attributes;
      const values = [param, m, v, gradient].map(({ dataId }) => storage.readSync(dataId) as Float32Array);
      return fuse(values as [Float32Array, Float32Array, Float32Array, Float32Array], attributes).map((output) => ({
        dataId: storage.write(output, param.shape, 'float32'),
        shape: param.shape,
        dtype: 'float32' as const,
      }));
    },
  });
}

function fuse(
  [param, m, v, gradient]: [Float32Array, Float32Array, Float32Array, Float32Array],
  { learningRate, beta1, beta2, epsilon, step }: Attributes,
): Float32Array[] {
  const nextM = m.map((value, i) => beta1 * value + (1 - beta1) * gradient[i]!);
  const nextV = v.map((value, i) => beta2 * value + (1 - beta2) * gradient[i]! ** 2);
  const nextParam = param.map((value, i) => {
    const mHat = nextM[i]! / (1 - beta1 ** step);
    const vHat = nextV[i]! / (1 - beta2 ** step);
    return value - (learningRate * mHat) / (Math.sqrt(vHat) + epsilon);
  });
  return [nextParam, nextM, nextV];
}
