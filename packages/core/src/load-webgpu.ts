import type { LoadedBackend } from './backend-options.ts';
import { BackendUnavailableError } from './errors.ts';
import { importFromProgram, isNode } from './import-optional.ts';
import type { WebgpuBackend } from './webgpu/backend.ts';

interface AdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

interface Adapter {
  readonly info?: AdapterInfo;
  readonly isFallbackAdapter?: boolean;
  readonly limits?: Readonly<Record<string, number>>;
}

interface Gpu {
  requestAdapter(options?: object): Promise<Adapter | null>;
}

/** What decides how large a tensor may be, and how many threads of a shader work together. */
const reportedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
];

const softwareRenderers = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

/**
 * WebGPU: the browser's, or in Node that of the package `webgpu` (Dawn).
 *
 * @param options.hardwareOnly Refuses an adapter that computes on the CPU, which is slower than `simd`, and does not load Dawn.
 * @throws BackendUnavailableError without WebGPU or an adapter.
 */
export async function loadWebgpu({ hardwareOnly }: { hardwareOnly: boolean }): Promise<LoadedBackend> {
  const gpu = await findGpu(hardwareOnly);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null || adapter === undefined) throw unavailable('no GPU adapter was found', noAdapter());
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
  const { registerWebgpuKernels } = await import('./webgpu/register-kernels.ts');
  registerWebgpuKernels();
  const reason = isSoftware ? 'WebGPU has a software adapter' : 'WebGPU has a hardware adapter';
  return { reason, details: { adapter: name, software: isSoftware, ...limitsOf(adapter) } };
}

/** Makes the backend that runs now do in Node what it does in a browser; nothing to do where there is a canvas. */
export async function adaptToNode(backend: unknown): Promise<void> {
  if (!isNode() || 'OffscreenCanvas' in globalThis || !(backend as Partial<WebgpuBackend>).bufferManager) return;
  const { readSyncInNode } = await import('./webgpu/read-in-node.ts');
  readSyncInNode(backend as WebgpuBackend);
}

function limitsOf({ limits }: Adapter): Record<string, number> {
  const known = reportedLimits.flatMap((name) => (limits?.[name] === undefined ? [] : [[name, limits[name]] as const]));
  return Object.fromEntries(known);
}

function noAdapter(): string {
  if (!isNode()) return 'Check the GPU driver.';
  return 'Check the Vulkan, Metal or Direct3D driver. A software Vulkan works as well: VK_ICD_FILENAMES names its description.';
}

async function findGpu(isAutomatic: boolean): Promise<Gpu> {
  const scope = globalThis as { navigator?: { gpu?: Gpu } };
  const needsDawn = scope.navigator?.gpu === undefined && isNode();
  // Dawn's drivers print what they miss, and what is small runs faster on simd.
  if (needsDawn && isAutomatic) throw unavailable('Node has none unless it is asked for', "Ask for 'webgpu' by name.");
  if (needsDawn) await installDawn();
  const gpu = scope.navigator?.gpu;
  if (gpu === undefined) throw unavailable('this browser has no WebGPU', 'Use a newer browser, over https, or simd.');
  return gpu;
}

/** Gives Node the globals a browser has. The instance stays reachable through `navigator`: freed, it takes its devices along. */
async function installDawn(): Promise<void> {
  const { watchDawn } = await import('./webgpu/read-in-node.ts');
  watchDawn();
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
