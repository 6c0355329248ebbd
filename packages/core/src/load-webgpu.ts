import type { LoadedBackend } from './backend-options.ts';
import { BackendUnavailableError } from './errors.ts';
import { importFromProgram, isNode } from './import-optional.ts';

interface AdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

interface Gpu {
  requestAdapter(
    options?: object,
  ): Promise<{ readonly info?: AdapterInfo; readonly isFallbackAdapter?: boolean } | null>;
}

const softwareRenderers = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

/**
 * WebGPU: the browser's, or in Node that of the package `webgpu` (Dawn).
 *
 * @param options.hardwareOnly Refuses an adapter that computes on the CPU, which is slower than `simd`.
 * @throws BackendUnavailableError without WebGPU or an adapter.
 */
export async function loadWebgpu({ hardwareOnly }: { hardwareOnly: boolean }): Promise<LoadedBackend> {
  const gpu = await findGpu();
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null || adapter === undefined) throw unavailable('no GPU adapter was found', 'Check the GPU driver.');
  const info = adapter.info ?? {};
  const name = [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(' ') || 'unnamed';
  const isSoftware = (info.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false) || softwareRenderers.test(name);
  if (isSoftware && hardwareOnly) {
    throw unavailable(
      `its only adapter is a software one (${name})`,
      "Ask for 'webgpu' by name to use it all the same.",
    );
  }
  await importBackend();
  const reason = isSoftware ? 'WebGPU has a software adapter' : 'WebGPU has a hardware adapter';
  return { reason, details: { adapter: name, software: isSoftware } };
}

async function findGpu(): Promise<Gpu> {
  const scope = globalThis as { navigator?: { gpu?: Gpu } };
  if (scope.navigator?.gpu === undefined && isNode()) await installDawn();
  const gpu = scope.navigator?.gpu;
  if (gpu === undefined) throw unavailable('this browser has no WebGPU', 'Use a newer browser, over https, or simd.');
  return gpu;
}

/** Gives Node the globals a browser has. The instance stays reachable through `navigator`: freed, it takes its devices along. */
async function installDawn(): Promise<void> {
  const { create, globals } = await importDawn();
  Object.assign(globalThis, globals);
  if (globalThis.navigator === undefined) Object.defineProperty(globalThis, 'navigator', { value: {}, writable: true });
  Object.defineProperty(globalThis.navigator, 'gpu', { value: create([]), configurable: true });
}

async function importBackend(): Promise<void> {
  try {
    await import('@tensorflow/tfjs-backend-webgpu');
  } catch (cause) {
    await importFromProgram('webgpu', '@tensorflow/tfjs-backend-webgpu', cause);
  }
}

async function importDawn(): Promise<typeof import('webgpu')> {
  // A variable keeps bundlers for browsers from looking for it.
  const packageName = 'webgpu';
  try {
    return await import(/* @vite-ignore */ packageName);
  } catch (cause) {
    return (await importFromProgram('webgpu', packageName, cause)) as typeof import('webgpu');
  }
}

function unavailable(reason: string, remedy: string): BackendUnavailableError {
  return new BackendUnavailableError({ backend: 'webgpu', reason, remedy });
}
