// Kernels that tfjs has no name for. Whoever wants them asks tfjs whether the current backend has them
// (`tf.getKernel('FusedAdam', tf.getBackend())`) and calls them through the engine.

import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { SimdBackend } from '../backend.ts';
import type { KernelArguments, SimdKernel } from '../kernel.ts';

export interface FusedAdamAttrs {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Which update this is, from 1. */
  readonly step: number;
}

export interface ThreefryAttrs {
  readonly shape: number[];
  readonly key0: number;
  readonly key1: number;
}

/** By their numbers in assembly/dense-grad.ts. */
const denseActivations = ['relu', 'sigmoid', 'linear'] as const;

interface DenseActivationGradAttrs {
  readonly activation: (typeof denseActivations)[number];
}

type UniformAttrs = ThreefryAttrs & { min: number; max: number };
type NormalAttrs = ThreefryAttrs & { mean: number; std: number };

export const trainingKernels: Record<string, SimdKernel> = {
  /**
   * The new parameter and moments after one step of Adam (Kingma and Ba 2015, algorithm 1). They take the place of the
   * old ones in memory, unless another tensor shares that (a clone or a reshape), so use the inputs no more.
   */
  FusedAdam({ inputs, attrs, backend }: KernelArguments<'param' | 'm' | 'v' | 'gradient', FusedAdamAttrs>) {
    const olds = [inputs.param, inputs.m, inputs.v];
    const news = olds.map((old) => backend.takeOver(old));
    updateAll(backend, [[...olds, inputs.gradient, ...news]], attrs);
    return news;
  },

  /**
   * The same for some variables, of which the inputs are a list: `param, m, v, gradient` of the first, of the second, and so
   * on. Parameters and moments are written over: nothing else may share their memory.
   */
  FusedAdamInPlace({ inputs, attrs, backend }: KernelArguments<unknown, FusedAdamAttrs>) {
    const variables: TensorInfo[][] = [];
    for (let i = 0; i + 4 <= inputs.length; i += 4) {
      const [param, m, v, gradient] = inputs.slice(i, i + 4) as [TensorInfo, TensorInfo, TensorInfo, TensorInfo];
      variables.push([param, m, v, gradient, param, m, v]);
    }
    updateAll(backend, variables, attrs);
    return [];
  },

  /**
   * The derivatives before a dense layer's activation `[B, n]`, and with respect to its bias `[n]`, for the layer's value
   * `y` and the derivative `dy` with respect to it. The first takes the place of `dy` in memory, unless another tensor
   * shares that, so use `dy` no more.
   */
  DenseActivationGrad({ inputs, attrs, backend }: KernelArguments<'y' | 'dy', DenseActivationGradAttrs>) {
    const { y, dy } = inputs;
    const activation = denseActivations.indexOf(attrs.activation);
    util.assert(activation >= 0, () => `activation: expected ${denseActivations.join(', ')}, got ${attrs.activation}`);
    const [rows, columns] = y.shape as [number, number];
    const outputs = [backend.takeOver(dy), backend.output([columns])];
    const [yAt, dyAt, dSum, dBias] = [y, dy, ...outputs].map((x) => backend.address(x)) as [
      number,
      number,
      number,
      number,
    ];
    backend.runtime.kernels.denseActivationGrad(activation, yAt, dyAt, dSum, dBias, rows, columns);
    return outputs;
  },

  /** Uniform in [min, max). */
  ThreefryUniform({ attrs, backend }: KernelArguments<never, UniformAttrs>) {
    return random(backend, attrs, attrs.min, attrs.max - attrs.min, false);
  },

  /** Normal with the given mean and standard deviation. */
  ThreefryNormal({ attrs, backend }: KernelArguments<never, NormalAttrs>) {
    return random(backend, attrs, attrs.mean, attrs.std, true);
  },
};

/** As many as the runtime's table holds. */
const VARIABLES_A_CALL = 8;

/** For each variable the old parameter, moments and gradient, then what the new parameter and moments are written to. */
function updateAll(backend: SimdBackend, variables: readonly TensorInfo[][], attrs: FusedAdamAttrs): void {
  const { kernels, memory, table } = backend.runtime;
  for (let first = 0; first < variables.length; first += VARIABLES_A_CALL) {
    const some = variables.slice(first, first + VARIABLES_A_CALL);
    // Addresses first: fetching data from another backend may grow the memory, and the view would be of the old one.
    const words = some.flatMap((tensors) => [
      ...tensors.map((tensor) => backend.address(tensor)),
      util.sizeFromShape(tensors[0]!.shape),
    ]);
    new Uint32Array(memory.buffer, table, words.length).set(words);
    kernels.adam(
      table,
      some.length,
      attrs.beta1,
      attrs.beta2,
      attrs.learningRate / (1 - attrs.beta1 ** attrs.step),
      Math.sqrt(1 - attrs.beta2 ** attrs.step),
      attrs.epsilon,
    );
  }
}

function random(
  backend: SimdBackend,
  { shape, key0, key1 }: ThreefryAttrs,
  offset: number,
  scale: number,
  normal: boolean,
): TensorInfo {
  const out = backend.output(shape);
  const count = util.sizeFromShape(shape);
  backend.runtime.kernels.randomFill(backend.address(out), count, key0, key1, offset, scale, Number(normal));
  return out;
}
