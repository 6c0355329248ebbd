import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import util from 'node:util';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BackendUnavailableError, ConfigError } from '../src/errors.ts';
import { backendNames, tf, useBackend, type BackendName } from '../src/index.ts';

let folder = '';
const program = process.argv[1]!;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'core-backends-'));
  // The folder of the main script is where packages are looked for.
  process.argv[1] = join(folder, 'main.mjs');
});

afterEach(() => {
  process.argv[1] = program;
  for (const name of ['tensorflow', 'webgpu']) if (tf.findBackendFactory(name) !== null) tf.removeBackend(name);
  Reflect.deleteProperty(globalThis.navigator, 'gpu');
  rmSync(folder, { recursive: true });
});

/** Puts a package into the program's node_modules. Its code finds tfjs in the global `testTf`. */
function install(name: string, code: string): void {
  const path = join(folder, 'node_modules', name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'package.json'), JSON.stringify({ name, version: '4.22.0', main: 'index.js' }));
  writeFileSync(join(path, 'index.js'), code);
}

function registering(backend: string, properties: object): string {
  return `
    exports.version = { 'tfjs-node': '4.22.0', nested: {} };
    const { tf, MathBackendCPU } = globalThis.testTf;
    tf.registerBackend('${backend}', () => Object.assign(new MathBackendCPU(), ${JSON.stringify(properties)}));`;
}

/** Stands in for tfjs's WebGPU backend, which this workspace has for bundlers' sake and which needs a real adapter. */
function standInForWebgpu(make: () => Promise<MathBackendCPU>): void {
  vi.doMock('@tensorflow/tfjs-backend-webgpu', () => {
    tf.registerBackend('webgpu', make);
    return {};
  });
}

function offerAdapter(adapter: object | null): void {
  Object.defineProperty(globalThis.navigator, 'gpu', {
    value: { requestAdapter: async () => adapter },
    configurable: true,
  });
}

async function refusal(name: BackendName): Promise<BackendUnavailableError> {
  const error = await useBackend(name).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(BackendUnavailableError);
  return error as BackendUnavailableError;
}

Object.assign(globalThis, { testTf: { tf, MathBackendCPU } });

describe('useBackend', () => {
  it('makes a named backend the current one', async () => {
    expect(await useBackend('cpu')).toMatchObject({ name: 'cpu', rejected: [] });
    expect(tf.getBackend()).toBe('cpu');
    expect(await useBackend('cpu', { threads: 2 })).toMatchObject({ name: 'cpu' });
  });

  it("on 'auto' takes the best that runs, and says why not the others", async () => {
    const { name, reason, rejected } = await useBackend();
    expect(tf.getBackend()).toBe(name);
    expect(reason).not.toBe('');
    const order = ['tensorflow-gpu', 'webgpu', 'simd', 'cpu'];
    expect(rejected.map((other) => other.name)).toEqual(order.slice(0, order.indexOf(name)));
    for (const other of rejected) expect(other.reason).not.toBe('');
  });

  it('refuses an unknown name, the nearest one first', async () => {
    await expect(useBackend('smid' as BackendName)).rejects.toThrow(ConfigError);
    await expect(useBackend('smid' as BackendName)).rejects.toThrow("Did you mean 'simd'?");
    await expect(useBackend('tenserflow' as BackendName)).rejects.toThrow("Did you mean 'tensorflow'?");
    for (const name of backendNames) await expect(useBackend('x' as BackendName)).rejects.toThrow(`'${name}'`);
  });

  it.each([{ threads: 0 }, { threads: 1.5 }, { threads: 65 }, { relaxed: 1 }, { thread: 2 }, null])(
    'refuses the options %j',
    async (options) => {
      await expect(useBackend('cpu', options as object)).rejects.toThrow(ConfigError);
    },
  );
});

// The first use in this process: what is asked for here holds.
const simd = await useBackend('simd', { threads: 1, relaxed: false }).catch(
  (error: unknown) => error as BackendUnavailableError,
);
const isSimdThere = simd.name === 'simd';

describe.skipIf(!isSimdThere)(`the simd backend${isSimdThere ? '' : `, skipped: ${simd.reason}`}`, () => {
  it('starts with the threads and instructions that are asked for, and says so', () => {
    expect(simd).toMatchObject({ details: { threads: 1, relaxed: false } });
  });

  it('takes the same options again, and refuses others while it runs', async () => {
    expect((await useBackend('simd', { threads: 1 })).details).toMatchObject({ threads: 1, relaxed: false });
    expect(await useBackend('simd')).toMatchObject({ name: 'simd' });
    await expect(useBackend('simd', { threads: 2 })).rejects.toThrow(ConfigError);
    await expect(useBackend('auto', { threads: 2 })).rejects.toThrow(
      /threads must be 1, with which simd runs already, not 2/,
    );
  });
});

describe('the tensorflow backends', () => {
  it.each(['tensorflow', 'tensorflow-gpu'] as const)('%s that is not installed names the one command', async (name) => {
    const { backend, reason, remedy, cause } = await refusal(name);
    const packageName = name === 'tensorflow' ? '@tensorflow/tfjs-node' : '@tensorflow/tfjs-node-gpu';
    expect({ backend, reason, remedy }).toEqual({
      backend: name,
      reason: `${packageName} is not installed`,
      remedy: `Install it: npm install ${packageName}`,
    });
    expect(cause).toBeInstanceOf(Error);
  });

  it('without its native part says how to build it', async () => {
    install('@tensorflow/tfjs-node-gpu', `throw new Error('The Node.js native addon module can not be found')`);
    const { message } = await refusal('tensorflow-gpu');
    expect(message).toMatch(/is installed without its native part/);
    expect(message).toMatch(/npm rebuild @tensorflow\/tfjs-node-gpu$/);
  });

  it('for the GPU without one is refused', async () => {
    install('@tensorflow/tfjs-node-gpu', registering('tensorflow', { isGPUPackage: true, isUsingGpuDevice: false }));
    expect((await refusal('tensorflow-gpu')).message).toMatch(/found no GPU/);
  });

  it("with a GPU is the choice of 'auto', with its versions", async () => {
    install('@tensorflow/tfjs-node-gpu', registering('tensorflow', { isGPUPackage: true, isUsingGpuDevice: true }));
    expect(await useBackend('auto')).toEqual({
      name: 'tensorflow-gpu',
      reason: 'TensorFlow found a GPU',
      details: { package: '@tensorflow/tfjs-node-gpu', 'tfjs-node': '4.22.0' },
      rejected: [],
    });
    expect(tf.getBackend()).toBe('tensorflow');
    expect((await refusal('tensorflow')).reason).toMatch(/not installed/);
  });

  it('gets util.isNullOrUndefined, which Node 24 lacks, before it loads', async () => {
    const legacy = util as { isNullOrUndefined?: unknown };
    const original = legacy.isNullOrUndefined;
    delete legacy.isNullOrUndefined;
    const properties = { isGPUPackage: false, isUsingGpuDevice: false };
    const check = `if (!require('util').isNullOrUndefined(null)) throw new Error('missing');`;
    install('@tensorflow/tfjs-node', check + registering('tensorflow', properties));
    expect(await useBackend('tensorflow')).toMatchObject({ name: 'tensorflow' });
    legacy.isNullOrUndefined = original;
  });
});

describe('the webgpu backend', () => {
  const software = { info: { vendor: 'google', architecture: 'swiftshader' } };
  const hardware = { info: { vendor: 'nvidia', architecture: 'ampere' } };

  it('without an adapter is refused', async () => {
    offerAdapter(null);
    expect((await refusal('webgpu')).reason).toBe('no GPU adapter was found');
  });

  it("with a software adapter is used when named, and not by 'auto'", async () => {
    offerAdapter(software);
    standInForWebgpu(() => Promise.resolve(new MathBackendCPU()));
    const { rejected } = await useBackend('auto');
    expect(rejected).toContainEqual({
      name: 'webgpu',
      reason: 'its only adapter is a software one (google swiftshader)',
    });
    const { details } = await useBackend('webgpu');
    expect(details).toEqual({ adapter: 'google swiftshader', software: true });
  });

  it("with a hardware adapter is the choice of 'auto'", async () => {
    offerAdapter(hardware);
    standInForWebgpu(() => Promise.resolve(new MathBackendCPU()));
    expect(await useBackend('auto')).toMatchObject({
      name: 'webgpu',
      details: { adapter: 'nvidia ampere', software: false },
    });
  });

  it('that fails to start says why, on no other channel than the error', async () => {
    offerAdapter(hardware);
    standInForWebgpu(() => Promise.reject(new Error('device lost')));
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { reason, cause } = await refusal('webgpu');
    expect(reason).toBe('it failed to start (device lost)');
    expect(cause).toMatchObject({ message: 'device lost' });
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});
