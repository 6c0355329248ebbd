import {
  backendNames,
  checkBackendOptions,
  type BackendDetails,
  type BackendName,
  type BackendOptions,
  type LoadedBackend,
} from './backend-options.ts';
import { BackendUnavailableError } from './errors.ts';
import { importFromProgram } from './import-optional.ts';
import { loadSimd, simdDetails } from './load-simd.ts';
import { loadTensorflow } from './load-tensorflow.ts';
import { adaptToNode, loadWebgpu } from './load-webgpu.ts';
import { requireOneOf } from './option-checks.ts';
import * as tf from './tf.js';

/** Which backend was chosen, and why. */
export interface BackendChoice {
  readonly name: BackendName;
  readonly reason: string;
  readonly details: BackendDetails;
  /** Those that would have been preferred, and why each can't run here. */
  readonly rejected: readonly { readonly name: BackendName; readonly reason: string }[];
}

/** `tensorflow` is left out: on the CPU `simd` trains these networks faster, and is always there. */
const automaticOrder: readonly BackendName[] = ['tensorflow-gpu', 'webgpu', 'simd', 'cpu'];

/**
 * Makes a backend the current one of tfjs and waits until it is ready. Looks only at what is installed and never
 * downloads anything.
 *
 * @param request A name, or 'auto': the first of tensorflow-gpu, webgpu (in a browser with a hardware adapter), simd, cpu that runs
 *   here.
 * @throws BackendUnavailableError if the backend can't run here, with the reason and the remedy.
 * @throws ConfigError for an unknown name or option.
 */
export async function useBackend(
  request: 'auto' | BackendName = 'auto',
  options: BackendOptions = {},
): Promise<BackendChoice> {
  requireOneOf('backend', request, ['auto', ...backendNames]);
  checkBackendOptions(options);
  if (request === 'auto') return useFirstOf(automaticOrder, options);
  return { name: request, ...(await start(request, options, false)), rejected: [] };
}

async function useFirstOf(names: readonly BackendName[], options: BackendOptions): Promise<BackendChoice> {
  const rejected: { name: BackendName; reason: string }[] = [];
  for (const name of names) {
    try {
      return { name, ...(await start(name, options, true)), rejected };
    } catch (error) {
      if (!(error instanceof BackendUnavailableError)) throw error;
      rejected.push({ name, reason: error.reason });
    }
  }
  const reason = rejected.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  throw new BackendUnavailableError({ backend: 'auto', reason, remedy: 'Install one: npm install @lab/backend-simd' });
}

async function start(name: BackendName, options: BackendOptions, isAutomatic: boolean): Promise<LoadedBackend> {
  const { reason, details } = await load(name, options, isAutomatic);
  await initialise(name);
  if (name === 'webgpu') await adaptToNode(tf.backend());
  return { reason, details: name === 'simd' ? { ...details, ...(await simdDetails()) } : details };
}

function load(name: BackendName, options: BackendOptions, isAutomatic: boolean): Promise<LoadedBackend> {
  if (name === 'simd') return loadSimd(options);
  if (name === 'webgpu') return loadWebgpu({ hardwareOnly: isAutomatic });
  if (name === 'cpu') return loadCpu();
  return loadTensorflow(name);
}

async function loadCpu(): Promise<LoadedBackend> {
  try {
    await import('@tensorflow/tfjs-backend-cpu');
  } catch (cause) {
    await importFromProgram('cpu', '@tensorflow/tfjs-backend-cpu', cause);
  }
  return { reason: 'it runs everywhere, slowly', details: {} };
}

async function initialise(name: BackendName): Promise<void> {
  const registered = name === 'tensorflow-gpu' ? 'tensorflow' : name;
  // Not `findBackend`, which creates it and prints what goes wrong.
  if (tf.engine().registry[registered] === undefined) await createQuietly(name, registered);
  const isSet = await tf.setBackend(registered);
  if (!isSet) throw initialisationError(name, undefined);
}

/** tfjs prints the error of a factory and drops it; here it becomes the cause of ours. */
async function createQuietly(name: BackendName, registered: string): Promise<void> {
  const factory = tf.findBackendFactory(registered);
  if (factory === null || factory === undefined) throw initialisationError(name, undefined);
  const { priority } = tf.engine().registryFactory[registered]!;
  const instance = await Promise.resolve()
    .then(factory)
    .catch((cause: unknown) => {
      throw initialisationError(name, cause);
    });
  tf.removeBackend(registered);
  tf.registerBackend(registered, () => instance, priority);
}

function initialisationError(backend: BackendName, cause: unknown): BackendUnavailableError {
  const said = cause instanceof Error ? ` (${cause.message.split('\n')[0]})` : '';
  const remedy = "Use another backend: 'auto' takes the best one that runs here.";
  return new BackendUnavailableError({ backend, reason: `it failed to start${said}`, remedy }, { cause });
}
