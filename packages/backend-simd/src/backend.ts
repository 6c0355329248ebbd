import { type backend_util, type DataType, engine, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { describeMemory, type Runtime } from './runtime.ts';
import { type HostData, isNumeric, type NumericArray, type NumericType, TensorData } from './tensor-data.ts';
import { TensorStorage } from './tensor-storage.ts';

/** The largest block of the allocator, and a little more. */
const MOST_BYTES = 2 ** 30;

/**
 * tfjs's CPU backend with its tensors in WebAssembly memory: a kernel written for `cpu` reads and writes them as typed
 * arrays, ours by address.
 */
export class SimdBackend extends MathBackendCPU {
  readonly runtime: Runtime;
  /** What was created last. */
  newest: TensorData | undefined;

  constructor(runtime: Runtime) {
    super();
    this.runtime = runtime;
    this.data = new TensorStorage(this, engine(), runtime) as unknown as typeof this.data;
  }

  /** Address of a numeric tensor's first element, in the tensor's type; fetches the data if another backend has it. */
  address({ dataId, dtype }: TensorInfo): number {
    const data = this.data.get(dataId) as unknown as TensorData;
    return data.dtype === dtype ? data.address : this.castOf(data, dtype as NumericType).address;
  }

  /** A tensor of this shape whose elements are whatever was in memory: a kernel must write them all. */
  output(shape: number[], dtype: NumericType = 'float32'): TensorInfo {
    return { dataId: this.create(dtype, util.sizeFromShape(shape)), shape, dtype };
  }

  /** An output to be written over a float32 input: the input's own memory if no other tensor has a share in it. */
  takeOver(input: TensorInfo): TensorInfo {
    const { dtype } = this.data.get(input.dataId) as unknown as TensorData; // Counts are known of data that is here.
    if (dtype !== input.dtype || this.refCount(input.dataId) > 1) return this.output(input.shape);
    this.incRef(input.dataId);
    return { dataId: input.dataId, shape: input.shape, dtype: 'float32' };
  }

  override write(values: backend_util.BackendValues, shape: number[], dtype: DataType): object {
    if (!isNumeric(dtype)) return this.keepInJavaScript({}, values, dtype);
    const data = this.create(dtype, (values as NumericArray | undefined)?.length ?? util.sizeFromShape(shape));
    this.fill(data, values);
    return data;
  }

  override move(
    dataId: object,
    values: backend_util.BackendValues,
    shape: number[],
    dtype: DataType,
    refCount: number,
  ): void {
    if (!isNumeric(dtype)) {
      this.keepInJavaScript(dataId, values, dtype, refCount);
      return;
    }
    // A dataId that was ours before comes back with its old address forgotten; others are foreign objects.
    const data = dataId instanceof TensorData ? dataId : new TensorData(this.runtime, dtype, 0);
    data.runtime = this.runtime;
    data.dtype = dtype;
    data.length = (values as NumericArray | undefined)?.length ?? util.sizeFromShape(shape);
    data.refCount = refCount;
    data.address = this.allocate(data.length * util.bytesPerElement(dtype));
    this.data.set(dataId, data as never);
    this.fill(data, values);
  }

  override readSync(dataId: object): backend_util.BackendValues {
    const data = this.data.get(dataId);
    // A copy: what the caller holds must survive the tensor, whose memory is used again.
    return data instanceof TensorData ? copyOut(data.values) : super.readSync(dataId);
  }

  override disposeData(dataId: object, force = false): boolean {
    if (!this.data.has(dataId)) return true;
    const data = this.data.get(dataId) as unknown;
    if (!(data instanceof TensorData)) return super.disposeData(dataId, force);
    data.refCount--;
    if (!force && data.refCount > 0) return false;
    this.data.delete(dataId);
    this.runtime.kernels.release(data.address);
    data.casts?.forEach((cast) => this.runtime.kernels.release(cast.address));
    data.forget();
    return true;
  }

  override memory(): { unreliable: boolean; reasons: string[] } {
    return { unreliable: false } as { unreliable: boolean; reasons: string[] };
  }

  override dispose(): void {
    this.runtime.dispose();
  }

  private create(dtype: NumericType, length: number): TensorData {
    const data = new TensorData(this.runtime, dtype, length);
    data.address = this.allocate(dtype === 'bool' ? length : length * 4);
    this.data.set(data, data as never);
    this.newest = data;
    return data;
  }

  private castOf(data: TensorData, dtype: NumericType): TensorData {
    const made = data.casts?.find((cast) => cast.dtype === dtype);
    if (made) return made;
    const cast = new TensorData(this.runtime, dtype, data.length);
    cast.address = this.allocate(data.length * util.bytesPerElement(dtype));
    cast.inPlace().set(data.inPlace());
    data.casts = [...(data.casts ?? []), cast];
    return cast;
  }

  private fill(data: TensorData, values: backend_util.BackendValues | undefined): void {
    if (values) data.inPlace().set(values as ArrayLike<number>);
    else data.inPlace().fill(0);
  }

  private keepInJavaScript(
    dataId: object,
    values: backend_util.BackendValues | undefined,
    dtype: DataType,
    refCount = 1,
  ): object {
    const data: HostData = { values, dtype, refCount };
    this.data.set(dataId, data as never);
    return dataId;
  }

  private allocate(bytes: number): number {
    try {
      // A size past 4 GiB would reach WebAssembly as what is left of it in 32 bits.
      if (bytes > MOST_BYTES) throw new RangeError('the allocation is too large');
      return this.runtime.kernels.allocate(bytes) >>> 0;
    } catch (cause) {
      const mebibytes = (bytes / 2 ** 20).toFixed(1);
      throw new Error(
        `simd: no memory for a tensor of ${mebibytes} MiB; WebAssembly memory holds ${describeMemory(this.runtime.memory)} ` +
          'of at most 4096 MiB (1024 MiB a tensor). Dispose of tensors no longer needed (tf.tidy), or use smaller batches.',
        { cause },
      );
    }
  }
}

/** A copy on unshared memory, which every consumer of typed arrays takes. */
function copyOut(values: NumericArray): NumericArray {
  if (values instanceof Float32Array) return new Float32Array(values);
  if (values instanceof Int32Array) return new Int32Array(values);
  return new Uint8Array(values);
}
