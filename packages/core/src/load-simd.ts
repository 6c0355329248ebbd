import type { BackendOptions, LoadedBackend } from './backend-options.ts';
import { BackendUnavailableError } from './errors.ts';
import { importFromProgram } from './import-optional.ts';
import * as tf from './tf.js';

type SimdPackage = typeof import('@lab/backend-simd');

/**
 * The lab's own WebAssembly backend.
 *
 * @throws BackendUnavailableError without the package, or where the engine lacks WebAssembly SIMD.
 */
export async function loadSimd({ threads, relaxed }: BackendOptions): Promise<LoadedBackend> {
  const { configureSimd } = await importSimd();
  if (tf.findBackendFactory('simd') === null) throw didNotRegister();
  if (threads !== undefined || relaxed !== undefined) configure(configureSimd, { threads, relaxed });
  return { reason: 'WebAssembly kernels made for training, nothing native needed', details: {} };
}

/** Known once the backend is initialised. */
export async function simdDetails(): Promise<LoadedBackend['details']> {
  const { simdInfo } = await importSimd();
  const { threads, relaxed, shared, reason } = simdInfo();
  return { threads, relaxed, shared, reason };
}

async function importSimd(): Promise<SimdPackage> {
  try {
    return await import('@lab/backend-simd');
  } catch (cause) {
    return (await importFromProgram('simd', '@lab/backend-simd', cause)) as SimdPackage;
  }
}

function configure(
  configureSimd: SimdPackage['configureSimd'],
  { threads, relaxed }: { threads: number | undefined; relaxed: boolean | undefined },
): void {
  configureSimd({ ...(threads !== undefined && { threads }), ...(relaxed !== undefined && { relaxed }) });
}

function didNotRegister(): BackendUnavailableError {
  const reason = '@lab/backend-simd was imported but registered no backend';
  const remedy =
    'Check that it shares one copy of @tensorflow/tfjs-core with the program: npm ls @tensorflow/tfjs-core';
  return new BackendUnavailableError({ backend: 'simd', reason, remedy });
}
