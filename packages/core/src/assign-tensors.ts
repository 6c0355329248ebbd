import { CheckpointError } from './errors.ts';
import { fileDtype, type NamedTensors } from './named-tensors.ts';
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
  const named = Object.entries(byName(variables));
  checkNames(named, tensors, source);
  for (const [name, variable] of named) checkTensor(name, variable, tensors, source);
  tf.tidy(() => {
    for (const [name, variable] of named) {
      const data = tensors[name]!.data as Float32Array;
      // The tensor may live in the very array it is given.
      const values = variable.dtype === 'float32' ? Float32Array.from(data) : data.slice();
      variable.assign(tf.tensor(values, variable.shape, variable.dtype));
    }
  });
}

function byName(
  variables: Readonly<Record<string, tf.Variable>> | readonly tf.Variable[],
): Readonly<Record<string, tf.Variable>> {
  if (!Array.isArray(variables)) return variables as Readonly<Record<string, tf.Variable>>;
  return Object.fromEntries((variables as tf.Variable[]).map((variable) => [variable.name, variable]));
}

function checkNames(named: readonly (readonly [string, tf.Variable])[], tensors: NamedTensors, source: string): void {
  const wanted = new Set(named.map(([name]) => name));
  for (const tensor of wanted) {
    if (Object.hasOwn(tensors, tensor)) continue;
    throw new CheckpointError({ source, tensor, expected: 'a tensor of this name', received: 'none' });
  }
  for (const tensor of Object.keys(tensors)) {
    if (wanted.has(tensor)) continue;
    throw new CheckpointError({ source, tensor, expected: 'no tensor of this name', received: 'one' });
  }
}

function checkTensor(tensor: string, variable: tf.Variable, tensors: NamedTensors, source: string): void {
  const { dtype, shape, data } = tensors[tensor]!;
  const wanted = fileDtype(variable.dtype);
  const isFloat = wanted === 'F32' && ['F32', 'F16', 'BF16', 'F64'].includes(dtype);
  if (dtype !== wanted && !isFloat) {
    throw new CheckpointError({ source, tensor, expected: `dtype ${wanted}`, received: `dtype ${dtype}` });
  }
  const sameShape =
    shape.length === variable.shape.length && shape.every((size, axis) => size === variable.shape[axis]);
  if (!sameShape || data.length !== variable.size) {
    const expected = `shape [${variable.shape.join(', ')}]`;
    throw new CheckpointError({ source, tensor, expected, received: `shape [${shape.join(', ')}]` });
  }
}
