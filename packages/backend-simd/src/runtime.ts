// The WebAssembly module, its memory and its threads.

import type { WasmKernels } from './exports.ts';
import { Loans } from './loans.ts';
import { canShareMemory, mayWait, processorCount } from './machine.ts';
import { startWorker, type Thread } from './workers.ts';

/** How `simd` is to run; see {@link configureSimd}. */
export interface SimdOptions {
  /**
   * Threads to compute with, the calling one among them: an integer from 1 to 64.
   * @default the processors there are, at most 8; 1 where memory can't be shared
   */
  readonly threads?: number;
  /**
   * Fused multiply-add by relaxed SIMD. `false` computes with two roundings, as engines without it do.
   * @default true where the engine has it
   */
  readonly relaxed?: boolean;
  /**
   * Memory shared with the worker threads. `false` implies one thread.
   * @default true where it is allowed: in Node, and on cross-origin isolated pages
   */
  readonly shared?: boolean;
}

/** What `simd` runs on. */
export interface SimdInfo {
  readonly threads: number;
  /** Whether multiply and add are fused into one rounding. */
  readonly relaxed: boolean;
  readonly shared: boolean;
  /** Bytes of WebAssembly memory taken so far. */
  readonly memoryBytes: number;
  /** Why it runs so and not faster, in words. */
  readonly reason: string;
}

const PAGE = 65536;
const INITIAL_PAGES = 256;
const MAXIMUM_PAGES = 65536;
const MAXIMUM_THREADS = 64;
const DEFAULT_THREADS = 8;

const variants = {
  relaxedShared: () => import('./generated/relaxed-shared.ts'),
  relaxedUnshared: () => import('./generated/relaxed-unshared.ts'),
  plainShared: () => import('./generated/plain-shared.ts'),
  plainUnshared: () => import('./generated/plain-unshared.ts'),
};

/** One instance of the kernels with the memory they work in. */
export class Runtime {
  readonly kernels: WasmKernels;
  readonly memory: WebAssembly.Memory;
  readonly relaxed: boolean;
  readonly shared: boolean;
  private readonly reason: string;
  /** Why workers have ended, of those that have. */
  private readonly lost = new Map<number, string>();
  /** Address of 256 bytes for the small tables that a call hands to its kernel. */
  readonly table: number;
  /** Address of the pool's control block. */
  readonly control: number;
  readonly loans = new Loans();
  private readonly workers: Thread[] = [];

  private constructor(module: WebAssembly.Module, plan: Plan) {
    this.memory = createMemory(plan.shared);
    const instance = new WebAssembly.Instance(module, { env: { memory: this.memory, abort: abortKernel } });
    this.kernels = instance.exports as unknown as WasmKernels;
    this.relaxed = plan.relaxed;
    this.shared = plan.shared;
    this.control = this.kernels.initPool(plan.threads, mayWait());
    this.table = this.kernels.allocate(256);
    for (let thread = 1; thread < plan.threads; thread++) {
      const start = { module, memory: this.memory, control: this.control, thread };
      this.workers.push(startWorker(start, (why) => this.lost.set(thread, this.lost.get(thread) ?? why)));
    }
    this.reason = plan.reason;
  }

  static async create(options: SimdOptions = {}): Promise<Runtime> {
    const plan = await planRuntime(options);
    const module = await WebAssembly.compile(plan.binary);
    try {
      return new Runtime(module, plan);
    } catch (error) {
      if (plan.threads === 1) throw error;
      const reason = `one thread: starting workers failed (${(error as Error).message})`;
      return new Runtime(module, { ...plan, threads: 1, reason });
    }
  }

  get threads(): number {
    return 1 + this.workers.length - this.lost.size;
  }

  info(): SimdInfo {
    const { threads, relaxed, shared } = this;
    const reason = [this.reason, ...[...this.lost].map(([thread, why]) => `thread ${thread} has ended (${why})`)].join(
      ', ',
    );
    return { threads, relaxed, shared, reason, memoryBytes: this.memory.buffer.byteLength };
  }

  /** Ends the workers. The runtime can't be used afterwards. */
  dispose(): void {
    this.kernels.quit();
    for (const worker of this.workers) worker.terminate();
  }
}

interface Plan {
  readonly binary: Uint8Array<ArrayBuffer>;
  readonly threads: number;
  readonly relaxed: boolean;
  readonly shared: boolean;
  readonly reason: string;
}

async function planRuntime(options: SimdOptions): Promise<Plan> {
  const requested = options.threads;
  const shared = (options.shared ?? true) && canShareMemory();
  const threads = shared ? (requested ?? Math.min(processorCount(), DEFAULT_THREADS)) : 1;
  const reason = shared
    ? `${threads} thread${threads === 1 ? '' : 's'} on shared memory`
    : options.shared === false
      ? 'one thread: shared memory was turned off'
      : 'one thread: shared memory is not allowed here (a browser page must be cross-origin isolated)';
  if (options.relaxed !== false) {
    const { wasm } = await (shared ? variants.relaxedShared() : variants.relaxedUnshared());
    const binary = decodeBase64(wasm);
    if (WebAssembly.validate(binary)) {
      return { binary, threads, relaxed: true, shared, reason: `${reason}, fused multiply-add` };
    }
  }
  const { wasm } = await (shared ? variants.plainShared() : variants.plainUnshared());
  const why = options.relaxed === false ? 'turned off' : 'not in this engine';
  return { binary: decodeBase64(wasm), threads, relaxed: false, shared, reason: `${reason}, relaxed SIMD ${why}` };
}

/** Throws if an option is not what {@link SimdOptions} says. */
export function checkOptions({ threads, relaxed, shared }: SimdOptions): void {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= MAXIMUM_THREADS)) {
    throw new RangeError(`threads: expected an integer from 1 to ${MAXIMUM_THREADS}, got ${threads}`);
  }
  for (const [name, value] of Object.entries({ relaxed, shared })) {
    if (value !== undefined && typeof value !== 'boolean') {
      throw new TypeError(`${name}: expected true or false, got ${String(value)}`);
    }
  }
}

/** As much address space as can be had: some devices refuse to reserve all 4 GiB. */
function createMemory(shared: boolean): WebAssembly.Memory {
  for (let maximum = MAXIMUM_PAGES; ; maximum /= 2) {
    try {
      return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum, shared });
    } catch (error) {
      if (maximum <= INITIAL_PAGES * 4) throw error;
    }
  }
}

function abortKernel(): never {
  throw new RangeError('the allocation is too large');
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

/** The size of WebAssembly memory in words, for messages. */
export function describeMemory(memory: WebAssembly.Memory): string {
  return `${Math.round((memory.buffer.byteLength / PAGE) * 0.0625)} MiB`;
}
