import { tf } from '../index.ts';
import { MAP_FOR_READING, usage, type GpuBuffer, type WebgpuBackend } from './backend.ts';

type Callback = (...args: unknown[]) => void;

/** What Dawn has asked Node to run at the end of this turn: there it looks what the GPU has finished. */
let lookAtTheGpu: (() => void) | undefined;

/**
 * Makes known what Dawn passes to `setImmediate`. tfjs reads from the GPU synchronously through a canvas, which Node has
 * not; but a buffer can be waited for by running that callback now, instead of at the end of the turn. Must be called before
 * Dawn is loaded. Nobody else's callbacks are changed: Dawn's are native functions without a name.
 */
export function watchDawn(): void {
  const original = globalThis.setImmediate;
  const watched = (callback: Callback, ...args: unknown[]) => {
    if (!isNative(callback)) return original(callback, ...args);
    const once = () => {
      if (lookAtTheGpu !== once) return;
      lookAtTheGpu = undefined;
      callback();
    };
    lookAtTheGpu = once;
    return original(once);
  };
  globalThis.setImmediate = Object.assign(watched, original) as unknown as typeof globalThis.setImmediate;
}

function isNative(callback: Callback): boolean {
  return callback.name === '' && Function.prototype.toString.call(callback).includes('[native code]');
}

/** Gives the backend a `readSync` that works in Node. */
export function readSyncInNode(backend: WebgpuBackend): void {
  const original = backend.readSync.bind(backend);
  backend.readSync = (dataId) => {
    const data = backend.tensorMap.get(dataId);
    const isOnGpu = data.values === null || data.values === undefined;
    if (!isOnGpu || !data.resource || data.dtype === 'complex64') return original(dataId);
    const bytes = download(backend, data.resource);
    data.values = tf.util.convertBackendValuesAndArrayBuffer(bytes, data.dtype) as tf.TypedArray;
    return data.values;
  };
}

function download(backend: WebgpuBackend, from: GpuBuffer): ArrayBuffer {
  const staging = backend.bufferManager.acquireBuffer(from.size, usage.mapRead | usage.copyDestination);
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.commandEncoder.copyBufferToBuffer(from, 0, staging, 0, from.size);
  backend.submitQueue();
  staging.mapAsync(MAP_FOR_READING).catch(() => undefined);
  while (staging.mapState === 'pending' && lookAtTheGpu !== undefined) lookAtTheGpu();
  if (staging.mapState !== 'mapped') throw new Error('the GPU device was lost');
  const bytes = staging.getMappedRange().slice(0);
  staging.unmap();
  backend.bufferManager.releaseBuffer(staging);
  return bytes;
}
