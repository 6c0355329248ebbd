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
    const [param, m, v, gradient, newParam, newM, newV] = [...olds, inputs.gradient, ...news].map((x) =>
      backend.address(x),
    ) as [number, number, number, number, number, number, number];
    backend.runtime.kernels.adam(
      param,
      m,
      v,
      gradient,
      newParam,
      newM,
      newV,
      util.sizeFromShape(inputs.param.shape),
      attrs.beta1,
      attrs.beta2,
      attrs.learningRate / (1 - attrs.beta1 ** attrs.step),
      Math.sqrt(1 - attrs.beta2 ** attrs.step),
      attrs.epsilon,
    );
    return news;
  },

  /**
   * The derivatives before a dense layer's activation `[B, n]`, and with respect to its bias `[n]`, for the layer's value
   * `y` and the derivative `dy` with respect to it.
   */
  DenseActivationGrad({ inputs, attrs, backend }: KernelArguments<'y' | 'dy', { activation: 'relu' | 'sigmoid' }>) {
    const { y, dy } = inputs;
    const [rows, columns] = y.shape as [number, number];
    const outputs = [backend.output(y.shape), backend.output([columns])];
    const [yAt, dyAt, dSum, dBias] = [y, dy, ...outputs].map((x) => backend.address(x)) as [
      number,
      number,
      number,
      number,
    ];
    const sigmoid = Number(attrs.activation === 'sigmoid');
    backend.runtime.kernels.denseActivationGrad(sigmoid, yAt, dyAt, dSum, dBias, rows, columns);
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
