import { fromFloat16Bits, toFloat16Bits } from './float16.ts';
import type { Dtype, TensorValues } from './named-tensors.ts';

interface DtypeLayout {
  /** Bytes an element takes in the file. */
  readonly bytes: 1 | 2 | 4 | 8;
  /** Reads the elements from bytes that are copied first, so that they are aligned and the caller's own. */
  readonly read: (buffer: ArrayBuffer) => TensorValues;
  /** The type that `data` must have for writing. */
  readonly array: abstract new (...args: never[]) => TensorValues;
  /** The elements as they lie in the file. */
  readonly toFile: (data: TensorValues) => ArrayBufferView;
}

const asTheyAre = (data: TensorValues): ArrayBufferView => data;

function plain<Values extends TensorValues>(
  array: { new (buffer: ArrayBuffer): Values },
  bytes: DtypeLayout['bytes'],
): DtypeLayout {
  return { bytes, read: (buffer) => new array(buffer), array, toFile: asTheyAre };
}

/**
 * How each dtype lies in a file. All numbers are little-endian there, as they are in the typed arrays of every machine
 * that runs WebAssembly.
 */
export const dtypeLayouts: Readonly<Record<Dtype, DtypeLayout>> = {
  F64: plain(Float64Array, 8),
  F32: plain(Float32Array, 4),
  F16: {
    bytes: 2,
    read: (buffer) => Float32Array.from(new Uint16Array(buffer), fromFloat16Bits),
    array: Float32Array,
    toFile: (data) => Uint16Array.from(data as Float32Array, toFloat16Bits),
  },
  BF16: {
    bytes: 2,
    read: (buffer) => new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer),
    array: Float32Array,
    toFile: (data) => Uint16Array.from(new Uint32Array(Float32Array.from(data as Float32Array).buffer), toBfloat16Bits),
  },
  I64: plain(BigInt64Array, 8),
  U64: plain(BigUint64Array, 8),
  I32: plain(Int32Array, 4),
  U32: plain(Uint32Array, 4),
  I16: plain(Int16Array, 2),
  U16: plain(Uint16Array, 2),
  I8: plain(Int8Array, 1),
  U8: plain(Uint8Array, 1),
  BOOL: plain(Uint8Array, 1),
};

/** bfloat16 is the upper half of a float32, here rounded to nearest, ties to even. */
function toBfloat16Bits(bits: number): number {
  const isNaN = (bits & 0x7fffffff) > 0x7f800000;
  return isNaN ? (bits >>> 16) | 0x40 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}
