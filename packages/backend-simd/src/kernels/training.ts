// Kernels that tfjs has no name for. Whoever wants them asks tfjs whether the current backend has them
// (`tf.getKernel('FusedAdam', tf.getBackend())`) and calls them through the engine.

import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { Unary } from '../../assembly/ops.ts';
import { matrixShape, requireElements, requireMatrix, requireNumbers, requireSize } from '../arguments.ts';
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

/** The activations whose derivative can be read off their value, by their numbers in assembly/activation.ts. */
const denseActivations = { linear: 0, relu: 1, sigmoid: 3 } as const;

type DenseActivation = keyof typeof denseActivations;

interface DenseAttrs {
  readonly activation: DenseActivation;
}

interface CrossEntropyAttrs {
  readonly ones: number;
  readonly count: number;
}

type UniformAttrs = ThreefryAttrs & { min: number; max: number };
type NormalAttrs = ThreefryAttrs & { mean: number; std: number };

export const trainingKernels: Record<string, SimdKernel> = {
  /**
   * The new parameter and moments after one step of Adam (Kingma and Ba 2015, algorithm 1). They take the place of the
   * old ones in memory, unless another tensor shares that (a clone or a reshape), so use the inputs no more.
   */
  FusedAdam({ inputs, attrs, backend }: KernelArguments<'param' | 'm' | 'v' | 'gradient', FusedAdamAttrs>) {
    requireVariable('FusedAdam', inputs);
    requireStep('FusedAdam', attrs);
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
    const kernel = 'FusedAdamInPlace';
    const { length } = inputs;
    util.assert(
      length % 4 === 0,
      () => `${kernel}: expected param, m, v, gradient of each variable, got ${length} inputs`,
    );
    requireStep(kernel, attrs);
    const variables: TensorInfo[][] = [];
    for (let i = 0; i < length; i += 4) {
      const [param, m, v, gradient] = inputs.slice(i, i + 4) as [TensorInfo, TensorInfo, TensorInfo, TensorInfo];
      requireVariable(kernel, { param, m, v, gradient });
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
  DenseActivationGrad({ inputs, attrs, backend }: KernelArguments<'y' | 'dy', DenseAttrs>) {
    const { y, dy } = inputs;
    const activation = numberOf(attrs.activation);
    const [rows, columns] = matrixShape('y', y);
    requireMatrix('DenseActivationGrad', 'dy', dy, rows, columns);
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

  /**
   * A dense layer, `act(x kernel + bias)` `[B, n]`, for `x` `[B, k]`, `kernel` `[k, n]` and `bias` `[n]`. Where there is a
   * `below`, `x` is the upper half of the rows and `below` the lower one, as if they had been joined.
   */
  Dense({ inputs, attrs, backend }: KernelArguments<'x' | 'kernel' | 'bias' | 'below', DenseAttrs>) {
    const { x, kernel, bias, below } = inputs;
    const [[rows, k], [inputColumns, n]] = [matrixShape('x', x), matrixShape('kernel', kernel)];
    requireSize('Dense', 'kernel', 'rows', inputColumns, k);
    requireElements('Dense', 'bias', bias, n);
    if (below as TensorInfo | undefined) requireMatrix('Dense', 'below', below, rows, k);
    const activation = numberOf(attrs.activation);
    const halves = below ? 2 : 1;
    const out = backend.output([halves * rows, n]);
    if (rows * n === 0) return out;
    const [xAt, kernelAt, biasAt, outAt] = addresses(backend, x, kernel, bias, out);
    // The lower half is a second matrix of a batch, wherever it stands.
    const toBelow = below ? backend.address(below) - xAt! : 0;
    const sizes = [halves, rows, n, k] as const;
    backend.runtime.kernels.matMul(xAt!, kernelAt!, outAt!, biasAt!, ...sizes, 0, 0, toBelow, 0, activation);
    return out;
  },

  /**
   * The derivatives with respect to a dense layer's kernel `[k, n]` and bias `[n]`, for its input `x` `[B, k]`, or two
   * halves of it as `Dense` has them, and the derivative `dSum` before its activation `[B, n]`. What is under 2^-80 in `x`
   * counts as zero.
   */
  DenseWeightGrad({ inputs, backend }: KernelArguments<'x' | 'dSum' | 'below'>) {
    const { x, dSum, below } = inputs;
    const [[rows, k], [outputRows, n]] = [matrixShape('x', x), matrixShape('dSum', dSum)];
    if (below as TensorInfo | undefined) requireMatrix('DenseWeightGrad', 'below', below, rows, k);
    requireSize('DenseWeightGrad', 'dSum', 'rows', outputRows, below ? 2 * rows : rows);
    const [dKernel, dBias] = [backend.output([k, n]), backend.output([n])] as const;
    const [xAt, dSumAt, dKernelAt, dBiasAt] = addresses(backend, x, dSum, dKernel, dBias);
    const belowAt = below ? backend.address(below) : 0;
    backend.runtime.kernels.denseWeightGrad(xAt!, belowAt, dSumAt!, dKernelAt!, dBiasAt!, outputRows, k, n);
    return [dKernel, dBias];
  },

  /**
   * The derivative before the activation of the layer below, `[B, k]`, for the derivative `dSum` before a dense layer's own
   * activation `[B, n]`, its `kernel` `[k, n]` and its input `y` `[B, k]`, which is what the activation below put out.
   */
  DenseInputGrad({ inputs, attrs, backend }: KernelArguments<'dSum' | 'kernel' | 'y', DenseAttrs>) {
    const { dSum, kernel, y } = inputs;
    const [[rows, n], [k, outputColumns]] = [matrixShape('dSum', dSum), matrixShape('kernel', kernel)];
    requireSize('DenseInputGrad', 'kernel', 'columns', outputColumns, n);
    requireMatrix('DenseInputGrad', 'y', y, rows, k);
    const activation = numberOf(attrs.activation);
    const dx = backend.output([rows, k]);
    if (rows * k === 0) return dx;
    const [dSumAt, kernelAt, yAt, dxAt] = addresses(backend, dSum, kernel, y, dx);
    backend.runtime.kernels.denseInputGrad(dSumAt!, kernelAt!, activation && yAt!, dxAt!, rows, k, n, activation);
    return dx;
  },

  /**
   * The derivative of a mean sigmoid cross-entropy with respect to the logits, `(sigmoid(logits) - label) / count`, where the
   * first `ones` logits have the label 1 and the others 0.
   */
  SigmoidCrossEntropyGrad({ inputs: { logits }, attrs, backend }: KernelArguments<'logits', CrossEntropyAttrs>) {
    const { ones, count } = attrs;
    util.assert(logits.dtype === 'float32', () => `logits: expected float32, got ${logits.dtype}`);
    const out = backend.output(logits.shape);
    const length = util.sizeFromShape(out.shape);
    const [from, to] = addresses(backend, logits, out);
    backend.runtime.kernels.unary(Unary.Sigmoid, from!, to!, length, 0, 0);
    const slopes = new Float32Array(backend.runtime.memory.buffer, to!, length);
    for (let i = 0; i < length; i++) slopes[i] = (slopes[i]! - (i < ones ? 1 : 0)) / count;
    return out;
  },

  /** Uniform in [min, max). */
  ThreefryUniform({ attrs, backend }: KernelArguments<never, UniformAttrs>) {
    const { key0, key1, min, max } = attrs;
    requireNumbers('ThreefryUniform', { key0, key1, min, max });
    return random(backend, attrs, min, max - min, false);
  },

  /** Normal with the given mean and standard deviation. */
  ThreefryNormal({ attrs, backend }: KernelArguments<never, NormalAttrs>) {
    const { key0, key1, mean, std } = attrs;
    requireNumbers('ThreefryNormal', { key0, key1, mean, std });
    return random(backend, attrs, mean, std, true);
  },
};

/** The number of an activation in the assembly. */
function numberOf(activation: DenseActivation): number {
  const number: number | undefined = denseActivations[activation];
  util.assert(number !== undefined, () => `activation: expected linear, relu or sigmoid, got ${activation}`);
  return number;
}

/** @throws unless a variable's moments and gradient are float32 tensors of its size: the assembly believes that they are. */
function requireVariable(
  kernel: string,
  { param, m, v, gradient }: Readonly<Record<'param' | 'm' | 'v' | 'gradient', TensorInfo>>,
): void {
  const count = util.sizeFromShape(param.shape);
  requireElements(kernel, 'param', param, count);
  requireElements(kernel, 'm', m, count);
  requireElements(kernel, 'v', v, count);
  requireElements(kernel, 'gradient', gradient, count);
}

function requireStep(kernel: string, { step }: FusedAdamAttrs): void {
  util.assert(step >= 1, () => `${kernel}: step must be at least 1, got ${step}`);
}

function addresses(backend: SimdBackend, ...tensors: TensorInfo[]): number[] {
  return tensors.map((tensor) => backend.address(tensor));
}

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
