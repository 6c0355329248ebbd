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
  unref(): void;
  terminate(): Promise<number>;
}

interface WorkerThreads {
  Worker: new (code: string, options: { eval: boolean; workerData: WorkerStart; execArgv: string[] }) => NodeWorker;
}

const RUN = `({ module, memory, control, thread }) =>
  new WebAssembly.Instance(module, { env: { memory, abort() {} } }).exports.work(control, thread)`;

/** Starts one worker. It doesn't keep a Node process alive. Throws where workers are not allowed. */
export function startWorker(start: WorkerStart): Thread {
  const threads = nodeModule<WorkerThreads>('node:worker_threads');
  if (!threads) return startWebWorker(start);
  const code = `(${RUN})(require('node:worker_threads').workerData)`;
  const worker = new threads.Worker(code, { eval: true, workerData: start, execArgv: [] });
  worker.unref();
  return { terminate: () => void worker.terminate() };
}

function startWebWorker(start: WorkerStart): Thread {
  const url = URL.createObjectURL(new Blob([`onmessage = ({ data }) => (${RUN})(data)`], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.postMessage(start);
  URL.revokeObjectURL(url);
  return worker;
}
