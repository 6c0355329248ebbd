import { FusedBatchNorm, type FusedBatchNormAttrs, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { requireElements } from '../arguments.ts';
import type { SimdBackend } from '../backend.ts';
import { isFloat, type KernelArguments, type SimdKernel } from '../kernel.ts';

export interface GroupNormAttrs {
  /** Divides the channels. */
  readonly groups: number;
  readonly epsilon: number;
  readonly activation: 'linear' | 'silu';
}

/** x `[B, ..., C]`, gamma and beta `[C]`, and what is added to x before all else, if anything is: shift `[B, C]`. */
type NormInput = 'x' | 'gamma' | 'beta' | 'shift';
type GradInput = NormInput | 'dy' | 'mean' | 'rstd';

type BatchNormInput = 'x' | 'mean' | 'variance' | 'offset' | 'scale';

/** FusedBatchNorm, and kernels that tfjs has no name for, as those in training.ts. */
export const normalisationKernels: Record<string, SimdKernel> = {
  [FusedBatchNorm]({ inputs, attrs, backend }: KernelArguments<BatchNormInput, FusedBatchNormAttrs>, cpu) {
    const { x, mean, variance, offset, scale } = inputs;
    const channels = x.shape.at(-1) ?? 0;
    const numbers = [mean, variance, offset, scale].filter((input?: TensorInfo) => input);
    const byChannel = numbers.every(
      (input) => isFloat(input) && input.shape.length === 1 && input.shape[0] === channels,
    );
    if (!isFloat(x) || !byChannel || channels === 0) return cpu();
    const y = backend.output(x.shape);
    backend.runtime.kernels.batchNorm(
      backend.address(x),
      backend.address(mean),
      backend.address(variance),
      addressIfAny(backend, offset),
      addressIfAny(backend, scale),
      backend.address(y),
      util.sizeFromShape(x.shape) / channels,
      channels,
      attrs.varianceEpsilon,
    );
    return y;
  },

  /**
   * `activation(gamma (x + shift - mean) rstd + beta)` with the mean and 1 / sqrt(variance + epsilon) of each image and
   * group of channels, which are the second and third output, `[B, groups]`.
   */
  GroupNorm({ inputs, attrs, backend }: KernelArguments<NormInput, GroupNormAttrs>) {
    const { x, gamma, beta, shift } = inputs;
    const [batch, pixels, channels] = sizes('GroupNorm', inputs, attrs);
    const statistics = [batch, attrs.groups];
    const outputs = [backend.output(x.shape), backend.output(statistics), backend.output(statistics)];
    const [y, mean, rstd] = outputs.map((output) => backend.address(output)) as [number, number, number];
    backend.runtime.kernels.groupNorm(
      backend.address(x),
      backend.address(gamma),
      backend.address(beta),
      addressIfAny(backend, shift),
      y,
      mean,
      rstd,
      batch,
      pixels,
      channels,
      attrs.groups,
      attrs.epsilon,
      Number(attrs.activation === 'silu'),
    );
    return outputs;
  },

  /** The derivatives of `GroupNorm` with respect to x, gamma, beta and, if there is one, shift, for its outputs' and `dy`. */
  GroupNormGrad({ inputs, attrs, backend }: KernelArguments<GradInput, GroupNormAttrs>) {
    const { dy, x, gamma, beta, shift, mean, rstd } = inputs;
    const [batch, pixels, channels] = sizes('GroupNormGrad', inputs, attrs);
    requireElements('GroupNormGrad', 'dy', dy, util.sizeFromShape(x.shape));
    requireElements('GroupNormGrad', 'mean', mean, batch * attrs.groups);
    requireElements('GroupNormGrad', 'rstd', rstd, batch * attrs.groups);
    const outputs = [x, gamma, beta, shift].flatMap((input) => (input ? [backend.output(input.shape)] : []));
    const [dx, dgamma, dbeta, dshift = 0] = outputs.map((output) => backend.address(output)) as [
      number,
      number,
      number,
      number?,
    ];
    backend.runtime.kernels.groupNormGrad(
      backend.address(dy),
      backend.address(x),
      backend.address(gamma),
      backend.address(beta),
      addressIfAny(backend, shift),
      backend.address(mean),
      backend.address(rstd),
      dx,
      dgamma,
      dbeta,
      dshift,
      batch,
      pixels,
      channels,
      attrs.groups,
      Number(attrs.activation === 'silu'),
    );
    return outputs;
  },
};

/** Images, pixels of one, channels. @throws unless the inputs and groups fit them. */
function sizes(
  kernel: string,
  { x, gamma, beta, shift }: KernelArguments<NormInput>['inputs'],
  { groups, activation }: GroupNormAttrs,
): [number, number, number] {
  const { shape } = x;
  util.assert(shape.length >= 2, () => `${kernel}: x must be [B, ..., C], got [${shape.join(', ')}]`);
  const [batch, pixels, channels] = [shape[0]!, util.sizeFromShape(shape.slice(1, -1)), shape.at(-1)!];
  const divide = Number.isInteger(groups) && groups >= 1 && channels % groups === 0;
  util.assert(divide, () => `${kernel}: groups must divide the ${channels} channels, got ${groups}`);
  const known = ['linear', 'silu'].includes(activation);
  util.assert(known, () => `${kernel}: activation: expected linear or silu, got ${activation}`);
  requireElements(kernel, 'x', x, batch * pixels * channels);
  requireElements(kernel, 'gamma', gamma, channels);
  requireElements(kernel, 'beta', beta, channels);
  if (shift as TensorInfo | undefined) requireElements(kernel, 'shift', shift, batch * channels);
  return [batch, pixels, channels];
}

function addressIfAny(backend: SimdBackend, tensor: TensorInfo | undefined): number {
  return tensor ? backend.address(tensor) : 0;
}
