// What this JavaScript engine is and may do.

interface NodeProcess {
  getBuiltinModule?: (id: string) => unknown;
}

/** A module of Node's own, or undefined outside Node. Not an import, so bundlers for browsers see nothing to resolve. */
export function nodeModule<T>(id: string): T | undefined {
  const host = (globalThis as { process?: NodeProcess }).process;
  return host?.getBuiltinModule?.(id) as T | undefined;
}

/** Whether memory can be shared with workers: always in Node, only on cross-origin isolated pages in browsers. */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false;
  if (nodeModule('node:worker_threads')) return true;
  return (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true;
}

/** Whether this thread may sleep: every one but a browser's main thread. */
export function mayWait(): boolean {
  return typeof (globalThis as { document?: unknown }).document === 'undefined';
}

/** Processors this process may use. */
export function processorCount(): number {
  const os = nodeModule<{ availableParallelism(): number }>('node:os');
  if (os) return os.availableParallelism();
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  return navigator?.hardwareConcurrency ?? 1;
}
