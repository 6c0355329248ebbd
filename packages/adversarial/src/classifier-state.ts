import {
  type NamedTensors,
  type Optimizer,
  assignTensors,
  prefixNames,
  readTensors,
  type tf,
  withPrefix,
} from '@lab/core';
import { trainableVariables } from './classifier.ts';

/** Every weight under the name its layer gave it, as `conv1_1/kernel`: on the host, to be saved. */
export async function classifierWeights(model: tf.LayersModel): Promise<NamedTensors> {
  return readTensors(namedWeights(model));
}

/**
 * Puts weights back, of `classifierWeights` or read from a file; half precision will do.
 *
 * @param source What they came from, for error messages.
 * @throws CheckpointError naming the tensor at fault; nothing has been changed then.
 */
export function restoreWeights(model: tf.LayersModel, weights: NamedTensors, source = 'classifier weights'): void {
  assignTensors(namedWeights(model), weights, source);
}

/** All that a resumed training needs: weights under `classifier/`, the optimiser's slots and step under `optimizer/`. */
export async function classifierState(model: tf.LayersModel, optimizer: Optimizer): Promise<NamedTensors> {
  const [weights, slots] = await Promise.all([classifierWeights(model), optimizer.state()]);
  return { ...prefixNames('classifier/', weights), ...prefixNames('optimizer/', slots) };
}

/**
 * Puts a state of `classifierState` back. If anything doesn't fit, everything is left as it was.
 *
 * @throws CheckpointError naming the tensor at fault.
 */
export async function restoreClassifier(
  model: tf.LayersModel,
  optimizer: Optimizer,
  state: NamedTensors,
  source = 'classifier state',
): Promise<void> {
  const before = await optimizer.state();
  optimizer.restore(withPrefix('optimizer/', state), { source, variables: trainableVariables(model) });
  try {
    restoreWeights(model, withPrefix('classifier/', state), source);
  } catch (error) {
    optimizer.restore(before);
    throw error;
  }
}

/** By the names under which the layers declared them: tfjs numbers the variables' own names within the process. */
function namedWeights(model: tf.LayersModel): Record<string, tf.Variable> {
  return Object.fromEntries(model.weights.map((weight) => [weight.originalName, weight.read() as tf.Variable]));
}
