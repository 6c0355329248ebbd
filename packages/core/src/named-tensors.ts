import * as tf from './tf.js';

/** Element types of safetensors that are read; those with a tfjs counterpart are F32, F16, I32, U8 and BOOL. */
export type Dtype =
  'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'U64' | 'I32' | 'U32' | 'I16' | 'U16' | 'I8' | 'U8' | 'BOOL';

/** The values of a tensor on the host. F16 and BF16 are held as float32, BOOL as bytes 0 and 1. */
export type TensorValues =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** A tensor on the host: `data` has as many elements as `shape` says, row-major. */
export interface TensorData {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data: TensorValues;
}

/** Host tensors by name: what a checkpoint holds, and what optimisers save and restore. */
export type NamedTensors = Readonly<Record<string, TensorData>>;

/**
 * Copies tensors to the host, for a checkpoint. Disposes nothing.
 *
 * @param tensors By the name each is to be saved under.
 */
export async function readTensors(tensors: Readonly<Record<string, tf.Tensor>>): Promise<NamedTensors> {
  const entries = Object.entries(tensors).map(async ([name, tensor]) => [name, await readTensor(tensor)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** Copies one tensor of dtype float32, int32 or bool to the host. */
export async function readTensor(tensor: tf.Tensor): Promise<TensorData> {
  const dtype = fileDtype(tensor.dtype);
  // The backend may hand out its own memory, which the next step overwrites.
  const data = (await tensor.data()).slice() as Float32Array | Int32Array | Uint8Array;
  return { dtype, shape: [...tensor.shape], data };
}

/**
 * A tensor on the current backend: float32 from the floating dtypes, bool from BOOL, int32 from I32 and narrower
 * integers.
 */
export function uploadTensor({ dtype, shape, data }: TensorData): tf.Tensor {
  const sizes = [...shape];
  // Always of a copy: on some backends a tensor lives in the very array it is given.
  if (dtype === 'BOOL') return tf.tensor((data as Uint8Array).slice(), sizes, 'bool');
  if (floatDtypes.includes(dtype)) return tf.tensor(Float32Array.from(data as Float32Array), sizes, 'float32');
  if (!integerDtypes.includes(dtype)) throw new TypeError(`tfjs has no dtype that holds ${dtype}.`);
  return tf.tensor(Int32Array.from(data as Int32Array), sizes, 'int32');
}

/** Those that a float32 tensor can be restored from. */
export const floatDtypes: readonly Dtype[] = ['F32', 'F16', 'BF16', 'F64'];

const integerDtypes: readonly Dtype[] = ['I32', 'I16', 'U16', 'I8', 'U8'];

/** The name that safetensors has for a tfjs dtype. */
export function fileDtype(dtype: tf.DataType): 'F32' | 'I32' | 'BOOL' {
  if (dtype === 'float32') return 'F32';
  if (dtype === 'int32') return 'I32';
  if (dtype === 'bool') return 'BOOL';
  throw new TypeError(`A tensor of dtype ${dtype} can't be saved; float32, int32 and bool can.`);
}

/** The same tensors with `prefix` before each name. */
export function prefixNames(prefix: string, tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
}

/** The tensors whose names begin with `prefix`, without it. */
export function withPrefix(prefix: string, tensors: NamedTensors): NamedTensors {
  const chosen = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(chosen.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}
