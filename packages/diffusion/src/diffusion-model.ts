import { ConfigError, requireInteger, tf } from '@lab/core';
import type { Formulation } from './process/formulation.ts';

/** A network, and what its numbers mean. */
export interface DiffusionModel {
  /**
   * From `[input, t, label]`, scaled noisy pictures `[B, H, W, C]`, times `[B]` and classes `[B]` (int32), to the answer that
   * the formulation asks for, of the pictures' shape. Without classes, from `[input, t]`.
   */
  readonly network: tf.LayersModel;
  readonly formulation: Formulation;
  /** Classes that the network is told, 0 to `classes - 1`; 0 if it is told none. */
  readonly classes: number;
  /** Whether the network also knows the label `classes`, "none of them": guidance needs it. */
  readonly hasNullClass: boolean;
}

/** The weights that training changes, in the network's order: what an `Ema` is made of. */
export function trainableVariables({ network }: Pick<DiffusionModel, 'network'>): tf.Variable[] {
  return network.trainableWeights.map((weight) => weight.read() as tf.Variable);
}

/** The shape of one picture, `[H, W, C]`. */
export function pictureShape({ network }: Pick<DiffusionModel, 'network'>): [number, number, number] {
  return network.inputs[0]!.shape.slice(1) as [number, number, number];
}

/** Labels for `count` pictures of no particular class, for `sample`. */
export function anyClass({ classes }: Pick<DiffusionModel, 'classes'>, count: number): number[] {
  return new Array<number>(requireInteger('count', count, { min: 1 })).fill(classes);
}

/** The network's answer to pictures as it is shown them. `[B, H, W, C]`, `[B]`, `[B]`. */
export function askNetwork(
  { network, classes }: Pick<DiffusionModel, 'network' | 'classes'>,
  input: tf.Tensor4D,
  t: tf.Tensor1D,
  labels: readonly number[],
  training = false,
): tf.Tensor4D {
  return tf.tidy(() => {
    const told = classes === 0 ? [input, t] : [input, t, tf.tensor1d(labels as number[], 'int32')];
    return network.apply(told, { training }) as tf.Tensor4D;
  });
}

/** @throws ConfigError unless `shape` is a batch of pictures that the network can be shown. */
export function requirePictures({ network }: Pick<DiffusionModel, 'network'>, shape: readonly number[]): void {
  requireShape(network, shape);
}

/** @throws ConfigError unless `shape` is a batch of what the network has as its first input. */
export function requireShape(network: tf.LayersModel, shape: readonly number[], what = 'pictures'): void {
  const expected = pictureShape({ network });
  const fits =
    shape.length === expected.length + 1 && shape[0]! > 0 && expected.every((size, i) => shape[i + 1] === size);
  if (fits) return;
  throw new ConfigError({ field: `The ${what}' shape`, value: [...shape], expected: `[B, ${expected.join(', ')}]` });
}

/**
 * The labels as an array.
 *
 * @throws ConfigError unless there is at least one, and each is one that the network is told: 0 to `classes - 1`, or `classes`
 *   for "none of them" if it knows that.
 */
export function requireLabels(
  { classes, hasNullClass }: Pick<DiffusionModel, 'classes' | 'hasNullClass'>,
  labels: ArrayLike<number>,
): number[] {
  if (!(labels.length > 0)) {
    throw new ConfigError({ field: 'The number of labels', value: labels.length, expected: 'at least 1' });
  }
  const max = hasNullClass || classes === 0 ? classes : classes - 1;
  return Array.from(labels, (label, i) => requireInteger(`Label ${i}`, label, { min: 0, max }));
}
