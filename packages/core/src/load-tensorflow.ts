import type { LoadedBackend } from './backend-options.ts';
import { BackendUnavailableError } from './errors.ts';
import { importFromProgram, isNode, nodeBuiltin } from './import-optional.ts';
import * as tf from './tf.js';

/** The parts of tfjs-node's backend that say where it computes. */
interface NodeBackend {
  readonly isGPUPackage?: boolean;
  readonly isUsingGpuDevice?: boolean;
}

/**
 * TensorFlow's own library through tfjs-node or tfjs-node-gpu. Both register the backend under the name 'tensorflow', so a
 * process can have one of them.
 *
 * @throws BackendUnavailableError outside Node, without the package or its native part, or without a GPU if that is asked.
 */
export async function loadTensorflow(backend: 'tensorflow' | 'tensorflow-gpu'): Promise<LoadedBackend> {
  if (!isNode()) {
    const remedy = "Use 'webgpu' or 'simd' in a browser.";
    throw new BackendUnavailableError({ backend, reason: 'it needs Node.js', remedy });
  }
  const packageName = backend === 'tensorflow' ? '@tensorflow/tfjs-node' : '@tensorflow/tfjs-node-gpu';
  restoreIsNullOrUndefined();
  const loaded = await importNative(backend, packageName);
  const { isGPUPackage, isUsingGpuDevice } = (tf.findBackend('tensorflow') ?? {}) as NodeBackend;
  if (isGPUPackage === undefined || isGPUPackage !== (backend === 'tensorflow-gpu')) throw otherIsLoaded(backend);
  if (backend === 'tensorflow-gpu' && isUsingGpuDevice !== true) throw noGpu();
  const reason = isUsingGpuDevice === true ? 'TensorFlow found a GPU' : "TensorFlow's native library is installed";
  return { reason, details: { package: packageName, ...versions(loaded) } };
}

async function importNative(backend: string, packageName: string): Promise<unknown> {
  try {
    // A variable keeps bundlers from looking for a native package.
    return await import(/* @vite-ignore */ packageName);
  } catch (cause) {
    return importFromProgram(backend, packageName, cause);
  }
}

function versions(loaded: unknown): Record<string, string> {
  const version = (loaded as { version?: Record<string, unknown> }).version ?? {};
  const known = Object.entries(version).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(known);
}

/** tfjs-node 4.22 calls `util.isNullOrUndefined`, which Node 23 removed. */
function restoreIsNullOrUndefined(): void {
  const util = nodeBuiltin<{ isNullOrUndefined?: (value: unknown) => boolean }>('node:util');
  if (util !== undefined) util.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

function otherIsLoaded(backend: string): BackendUnavailableError {
  const reason = "the process already has another package's 'tensorflow' backend";
  return new BackendUnavailableError({ backend, reason, remedy: 'Load only one of the two in a process.' });
}

function noGpu(): BackendUnavailableError {
  const reason = 'TensorFlow was loaded but found no GPU';
  const remedy = "Check the NVIDIA driver, CUDA and cuDNN that tfjs-node-gpu asks for, or use 'tensorflow' or 'simd'.";
  return new BackendUnavailableError({ backend: 'tensorflow-gpu', reason, remedy });
}
