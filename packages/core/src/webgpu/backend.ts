/**
 * What of tfjs-backend-webgpu and of WebGPU the lab's own shaders touch. Declared here: that package is optional, and says
 * `any` of most of it.
 */
import type { tf } from '../index.ts';

export interface GpuBuffer {
  readonly size: number;
  readonly mapState: 'unmapped' | 'pending' | 'mapped';
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
}

interface Pipeline {
  getBindGroupLayout(index: number): unknown;
}

interface Device {
  readonly queue: { writeBuffer(buffer: GpuBuffer, offset: number, data: ArrayBuffer): void };
  createShaderModule(descriptor: { code: string; label: string }): unknown;
  createComputePipeline(descriptor: object): Pipeline;
  createBindGroup(descriptor: object): unknown;
}

interface TensorData {
  resource?: GpuBuffer | null;
  /** What was last written or read, on the host. */
  values: tf.TypedArray | null;
  readonly dtype: tf.DataType;
  readonly complexTensorInfos?: unknown;
}

export interface WebgpuBackend {
  readonly device: Device;
  readonly tensorMap: { get(dataId: object): TensorData };
  readonly bufferManager: {
    acquireBuffer(size: number, usage: number): GpuBuffer;
    releaseBuffer(buffer: GpuBuffer): void;
  };
  readonly commandQueueOwnedIds: WeakSet<object>;
  readonly uniformPendingDisposal: GpuBuffer[];
  readonly commandEncoder: {
    beginComputePass(descriptor: object): WebgpuBackend['computePassEncoder'];
    copyBufferToBuffer(from: GpuBuffer, fromOffset: number, to: GpuBuffer, toOffset: number, size: number): void;
  };
  computePassEncoder: {
    setPipeline(pipeline: Pipeline): void;
    setBindGroup(index: number, group: unknown): void;
    dispatchWorkgroups(x: number, y: number, z: number): void;
  } | null;
  dispatchCountInPass: number;
  readonly pipelineCache: Record<string, Pipeline>;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  uploadToGPU(dataId: object): void;
  makeTensorInfo(shape: readonly number[], dtype: tf.DataType): tf.TensorInfo;
  readSync(dataId: object): tf.TypedArray;
}

/** Of WebGPU's GPUBufferUsage and GPUMapMode: fixed by its specification, sections 5.1 and 5.4. */
export const usage = { mapRead: 1, copyDestination: 8, uniform: 64 } as const;
export const MAP_FOR_READING = 1;
