// The threads beside the one that owns the memory. Each instantiates the same module over the same memory and then lives
// inside the WebAssembly function `work`, waiting for jobs there; it never returns to its event loop.

import { nodeModule } from './machine.ts';

export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the pool's control block. */
  readonly control: number;
  /** Thread number, from 1. */
  readonly thread: number;
}

export interface Thread {
  terminate(): void;
}

interface NodeWorker {
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'exit', listener: (code: number) => void): void;
  unref(): void;
  terminate(): Promise<number>;
}

interface WorkerThreads {
  Worker: new (code: string, options: { eval: boolean; workerData: WorkerStart; execArgv: string[] }) => NodeWorker;
}

// A trap in a chunk is told through the memory, since the thread that waits for the chunk sees no events meanwhile.
const RUN = `({ module, memory, control, thread }) => {
  const { work, lose } = new WebAssembly.Instance(module, { env: { memory, abort() {} } }).exports;
  try {
    work(control, thread);
  } catch (error) {
    lose();
    throw error;
  }
}`;

/**
 * Starts one worker. It doesn't keep a Node process alive. Throws where workers are not allowed; `onEnd` is told why a
 * worker has ended that did start, or was to start and could not.
 */
export function startWorker(start: WorkerStart, onEnd: (why: string) => void): Thread {
  const threads = nodeModule<WorkerThreads>('node:worker_threads');
  if (!threads) return startWebWorker(start, onEnd);
  const code = `(${RUN})(require('node:worker_threads').workerData)`;
  const worker = new threads.Worker(code, { eval: true, workerData: start, execArgv: [] });
  worker.on('error', (error) => onEnd(error.message));
  worker.on('exit', (code) => onEnd(`exit code ${code}`));
  worker.unref();
  return { terminate: () => void worker.terminate() };
}

function startWebWorker(start: WorkerStart, onEnd: (why: string) => void): Thread {
  const url = URL.createObjectURL(new Blob([`onmessage = ({ data }) => (${RUN})(data)`], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.onerror = ({ message }) => onEnd(message || 'it could not be loaded');
  worker.postMessage(start);
  URL.revokeObjectURL(url);
  return worker;
}
