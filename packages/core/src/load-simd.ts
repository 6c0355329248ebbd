import type { BackendOptions, LoadedBackend } from './backend-options.ts';
import { BackendUnavailableError, ConfigError } from './errors.ts';
import { importFromProgram } from './import-optional.ts';
import * as tf from './tf.js';

type SimdPackage = typeof import('@lab/backend-simd');

/**
 * The lab's own WebAssembly backend.
 *
 * @throws BackendUnavailableError without the package, or where the engine lacks WebAssembly SIMD.
 */
export async function loadSimd(options: BackendOptions): Promise<LoadedBackend> {
  const simd = await importSimd();
  if (tf.findBackendFactory('simd') === null) throw didNotRegister();
  const asked = Object.entries(options).filter(([, value]) => value !== undefined);
  if (tf.engine().registry['simd'] !== undefined) requireAsItRuns(asked, simd.simdInfo());
  else if (asked.length > 0) simd.configureSimd(Object.fromEntries(asked));
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

/** Threads and instructions are chosen when the backend starts, and its tensors live as long as it does. */
function requireAsItRuns(asked: [string, unknown][], running: ReturnType<SimdPackage['simdInfo']>): void {
  for (const [field, value] of asked) {
    const runs = running[field as keyof BackendOptions];
    if (value === runs) continue;
    const hint = 'Ask for it where simd is first used in the process.';
    throw new ConfigError({ field, value, expected: `${runs}, with which simd runs already`, hint });
  }
}

function didNotRegister(): BackendUnavailableError {
  const reason = '@lab/backend-simd was imported but registered no backend';
  const remedy =
    'Check that it shares one copy of @tensorflow/tfjs-core with the program: npm ls @tensorflow/tfjs-core';
  return new BackendUnavailableError({ backend: 'simd', reason, remedy });
}
