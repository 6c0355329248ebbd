import { type DataMover, DataStorage, type KernelBackend } from '@tensorflow/tfjs-core';
import type { Runtime } from './runtime.ts';
import { TensorData } from './tensor-data.ts';

/**
 * What tfjs keeps a backend's data in, by `dataId`. Tensors in WebAssembly memory are their own `dataId`s, so they need no
 * entry in its weak map, the upkeep of which is a good part of a small kernel's cost; everything else has one.
 */
export class TensorStorage extends DataStorage<object> {
  private readonly runtime: Runtime;
  private tensors = 0;

  constructor(backend: KernelBackend, mover: DataMover, runtime: Runtime) {
    super(backend, mover);
    this.runtime = runtime;
  }

  override get(dataId: object): object {
    if (this.holds(dataId)) return dataId;
    const data = super.get(dataId);
    // One of ours that another backend held has come back, and is its own data again.
    return this.holds(dataId) ? dataId : data;
  }

  override set(dataId: object, value: object): void {
    if (dataId === value) this.tensors++;
    else super.set(dataId, value);
  }

  override has(dataId: object): boolean {
    return this.holds(dataId) || super.has(dataId);
  }

  override delete(dataId: object): boolean {
    if (!this.holds(dataId)) return super.delete(dataId);
    this.tensors--;
    return true;
  }

  override numDataIds(): number {
    return this.tensors + super.numDataIds();
  }

  private holds(dataId: object): boolean {
    return dataId instanceof TensorData && dataId.address !== 0 && dataId.runtime === this.runtime;
  }
}
