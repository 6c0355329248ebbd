import { rejectUnknownOptions, requireNumber } from './option-checks.ts';
import { gradientsInOrder, requireSchedule, scheduled, type Optimizer, type Schedule } from './optimizer.ts';
import { Slots } from './slots.ts';
import * as tf from './tf.js';

/** Options of `adam`. */
export interface AdamOptions {
  /**
   * Step size, at least 0; constant, or a function of the step.
   *
   * @default 0.001
   */
  readonly learningRate?: Schedule;
  /**
   * Decay of the first moment, in [0, 1).
   *
   * @default 0.9
   */
  readonly beta1?: number;
  /**
   * Decay of the second moment, in [0, 1).
   *
   * @default 0.999
   */
  readonly beta2?: number;
  /**
   * Added to the root of the bias-corrected second moment, above 0.
   *
   * @default 1e-8
   */
  readonly epsilon?: number;
}

type ResolvedAdamOptions = Required<AdamOptions>;
type AdamSlot = Record<'m' | 'v', tf.Tensor>;

/**
 * Adam: Kingma & Ba 2015, "Adam: A Method for Stochastic Optimization", Algorithm 1, with epsilon where the algorithm
 * and PyTorch have it: `p -= learningRate * mHat / (sqrt(vHat) + epsilon)`. One kernel call a variable on backends that
 * have `FusedAdam`, one for all on those that have `FusedAdamInPlace`.
 *
 * @throws ConfigError for an option out of its range.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  const resolved = resolveAdamOptions(options);
  const slots = new Slots(['m', 'v'] as const);
  let step = 0;
  return {
    name: 'adam',
    get step() {
      return step;
    },
    apply(gradients, variables) {
      const ordered = gradientsInOrder(gradients, variables);
      const learningRate = scheduled('learningRate', resolved.learningRate, step + 1);
      const state = slots.for(variables);
      step += 1;
      updateFor(variables, state)({ ...resolved, learningRate, step }, variables, ordered, state, slots);
    },
    state: () => slots.read(step),
    restore(state, restoreOptions = {}) {
      step = slots.restore(state, restoreOptions);
    },
    dispose() {
      slots.dispose();
      step = 0;
    },
  };
}

function resolveAdamOptions(options: AdamOptions): ResolvedAdamOptions {
  rejectUnknownOptions('adam', options, ['learningRate', 'beta1', 'beta2', 'epsilon']);
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  return {
    learningRate: requireSchedule('learningRate', learningRate, { min: 0 }),
    beta1: requireNumber('beta1', beta1, { min: 0, below: 1 }),
    beta2: requireNumber('beta2', beta2, { min: 0, below: 1 }),
    epsilon: requireNumber('epsilon', epsilon, { above: 0 }),
  };
}

interface Update extends ResolvedAdamOptions {
  readonly learningRate: number;
  /** 1 for the first update. */
  readonly step: number;
}

/** The way to update that takes the fewest calls. The two with fused kernels give the same bits. */
function updateFor(variables: readonly tf.Variable[], state: readonly AdamSlot[]): typeof plainUpdate {
  const has = (kernel: string) => tf.getKernel(kernel, tf.getBackend()) !== undefined;
  if (has('FusedAdamInPlace') && ownTheirMemory(variables, state)) return updateInPlace;
  return has('FusedAdam') ? fusedUpdate : plainUpdate;
}

/** Whether no clone or reshape of a variable or moment would see it written over. */
function ownTheirMemory(variables: readonly tf.Variable[], state: readonly AdamSlot[]): boolean {
  const backend = tf.backend();
  const owns = ({ dataId }: tf.Tensor) => backend.refCount(dataId) === 1;
  return variables.every((variable, i) => owns(variable) && owns(state[i]!.m) && owns(state[i]!.v));
}

function updateInPlace(
  { learningRate, beta1, beta2, epsilon, step }: Update,
  variables: readonly tf.Variable[],
  gradients: readonly tf.Tensor[],
  state: readonly AdamSlot[],
): void {
  const inputs = variables.flatMap((variable, i) => [variable, state[i]!.m, state[i]!.v, gradients[i]!]);
  const attrs = { learningRate, beta1, beta2, epsilon, step };
  tf.engine().runKernel('FusedAdamInPlace', inputs as unknown as tf.NamedTensorMap, attrs);
}

function fusedUpdate(
  { learningRate, beta1, beta2, epsilon, step }: Update,
  variables: readonly tf.Variable[],
  gradients: readonly tf.Tensor[],
  state: readonly AdamSlot[],
  slots: Slots<'m' | 'v'>,
): void {
  const engine = tf.engine();
  const attrs = { learningRate, beta1, beta2, epsilon, step };
  for (let i = 0; i < variables.length; i++) {
    const slot = state[i]!;
    const inputs = { param: variables[i]!, m: slot.m, v: slot.v, gradient: gradients[i]! };
    const [param, m, v] = engine.runKernel('FusedAdam', inputs, attrs) as [tf.Tensor, tf.Tensor, tf.Tensor];
    variables[i]!.assign(param);
    param.dispose();
    slots.replace(slot, 'm', m);
    slots.replace(slot, 'v', v);
  }
}

function plainUpdate(
  { learningRate, beta1, beta2, epsilon, step }: Update,
  variables: readonly tf.Variable[],
  gradients: readonly tf.Tensor[],
  state: readonly AdamSlot[],
  slots: Slots<'m' | 'v'>,
): void {
  tf.tidy(() => {
    const [decay1, rest1, decay2, rest2] = [beta1, 1 - beta1, beta2, 1 - beta2].map((value) => tf.scalar(value));
    // mHat / (sqrt(vHat) + epsilon) with the corrections moved into two scalars, so that mHat and vHat need not be made.
    const root = Math.sqrt(1 - beta2 ** step);
    const rate = tf.scalar((learningRate * root) / (1 - beta1 ** step));
    const floor = tf.scalar(epsilon * root);
    variables.forEach((variable, i) => {
      const slot = state[i]!;
      const gradient = gradients[i]!;
      const m = tf.add(tf.mul(slot.m, decay1!), tf.mul(gradient, rest1!));
      const v = tf.add(tf.mul(slot.v, decay2!), tf.mul(tf.square(gradient), rest2!));
      variable.assign(tf.sub(variable, tf.mul(rate, tf.div(m, tf.add(tf.sqrt(v), floor)))));
      slots.replace(slot, 'm', m);
      slots.replace(slot, 'v', v);
    });
  });
}
