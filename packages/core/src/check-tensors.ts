import { CheckpointError } from './errors.ts';
import { floatDtypes, type Dtype, type NamedTensors } from './named-tensors.ts';

/** What a tensor of a checkpoint must be. */
export interface TensorSpec {
  /** F32 also stands for F16, BF16 and F64. */
  readonly dtype: Dtype;
  readonly shape: readonly number[];
}

/**
 * Checks that tensors are exactly those wanted: names, dtypes and shapes.
 *
 * @param source What the tensors came from, for error messages.
 * @throws CheckpointError naming the first tensor at fault.
 */
export function checkTensors(
  wanted: Readonly<Record<string, TensorSpec>>,
  tensors: NamedTensors,
  source: string,
): void {
  for (const tensor of Object.keys(wanted)) {
    if (Object.hasOwn(tensors, tensor)) continue;
    throw new CheckpointError({ source, tensor, expected: 'a tensor of this name', received: 'none' });
  }
  for (const tensor of Object.keys(tensors)) {
    if (Object.hasOwn(wanted, tensor)) continue;
    throw new CheckpointError({ source, tensor, expected: 'no tensor of this name', received: 'one' });
  }
  for (const [tensor, spec] of Object.entries(wanted)) checkTensor(tensor, spec, tensors, source);
}

function checkTensor(tensor: string, wanted: TensorSpec, tensors: NamedTensors, source: string): void {
  const { dtype, shape, data } = tensors[tensor]!;
  if (dtype !== wanted.dtype && !(wanted.dtype === 'F32' && floatDtypes.includes(dtype))) {
    throw new CheckpointError({ source, tensor, expected: `dtype ${wanted.dtype}`, received: `dtype ${dtype}` });
  }
  const size = shape.reduce((product, axis) => product * axis, 1);
  if (!sameShape(shape, wanted.shape) || data.length !== size) {
    const expected = `shape [${wanted.shape.join(', ')}]`;
    const received = `shape [${shape.join(', ')}] with ${data.length} elements`;
    throw new CheckpointError({ source, tensor, expected, received });
  }
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
