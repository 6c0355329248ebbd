import type { backend_util, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { Runtime } from './runtime.ts';

export type NumericType = 'float32' | 'int32' | 'bool';
export type NumericArray = Float32Array | Int32Array | Uint8Array;

/**
 * A tensor's numbers in WebAssembly memory. It is the `dataId` as well as the data that tfjs keeps for it, so a kernel
 * finds the address without a look-up. The address is 0 while the data is not on this backend.
 */
export class TensorData {
  refCount = 1;
  address = 0;
  runtime: Runtime;
  dtype: NumericType;
  length: number;
  /**
   * The same numbers in other types. tfjs's cpu backend casts to a wider type by giving the data a second tensor, of which
   * JavaScript can read the numbers all the same; our kernels can't.
   */
  casts: TensorData[] | undefined = undefined;
  private view: NumericArray | undefined;

  constructor(runtime: Runtime, dtype: NumericType, length: number) {
    this.runtime = runtime;
    this.dtype = dtype;
    this.length = length;
  }

  /** The numbers as tfjs's cpu kernels read them, and write those of tensors they have made. */
  get values(): NumericArray {
    return this.runtime.shared ? this.inPlace() : this.runtime.loans.lend(this);
  }

  /** The numbers where they stand: a view that holds until the next allocation. */
  inPlace(): NumericArray {
    const { buffer } = this.runtime.memory;
    if (this.view?.buffer !== buffer) this.view = viewOf(this.dtype, buffer, this.address, this.length);
    return this.view;
  }

  forget(): void {
    this.address = 0;
    this.casts = undefined;
    this.view = undefined;
  }
}

/** What is kept in JavaScript: strings, and complex numbers, whose parts are tensors of their own. */
export interface HostData {
  readonly values: backend_util.BackendValues | undefined;
  readonly dtype: DataType;
  refCount: number;
  complexTensorInfos?: { real: TensorInfo; imag: TensorInfo };
}

function viewOf(dtype: NumericType, buffer: ArrayBufferLike, address: number, length: number): NumericArray {
  if (dtype === 'float32') return new Float32Array(buffer, address, length);
  if (dtype === 'int32') return new Int32Array(buffer, address, length);
  return new Uint8Array(buffer, address, length);
}

export function isNumeric(dtype: DataType): dtype is NumericType {
  return dtype === 'float32' || dtype === 'int32' || dtype === 'bool';
}
