import { checkTensors } from './check-tensors.ts';
import { fileDtype, uploadTensor, type NamedTensors } from './named-tensors.ts';
import * as tf from './tf.js';

/**
 * Gives variables the values of a checkpoint. Every name, dtype and shape is checked before anything is assigned: after
 * an error all variables are as they were.
 *
 * @param variables By the name each was saved under, or a list whose own names are used.
 * @param tensors Exactly one for each variable. F16, BF16 and F64 are accepted for float32 variables.
 * @param source What the tensors came from, for error messages.
 * @throws CheckpointError naming the tensor at fault, what was expected and what was found.
 */
export function assignTensors(
  variables: Readonly<Record<string, tf.Variable>> | readonly tf.Variable[],
  tensors: NamedTensors,
  source = 'tensors',
): void {
  const named = byName(variables);
  const wanted = Object.entries(named).map(([name, { dtype, shape }]) => [name, { dtype: fileDtype(dtype), shape }]);
  checkTensors(Object.fromEntries(wanted), tensors, source);
  tf.tidy(() => {
    for (const [name, variable] of Object.entries(named)) variable.assign(uploadTensor(tensors[name]!));
  });
}

function byName(
  variables: Readonly<Record<string, tf.Variable>> | readonly tf.Variable[],
): Readonly<Record<string, tf.Variable>> {
  if (!Array.isArray(variables)) return variables as Readonly<Record<string, tf.Variable>>;
  return Object.fromEntries((variables as tf.Variable[]).map((variable) => [variable.name, variable]));
}
