/** Signals that ask a run to stop, with the exit code of a program that ended by each. */
export const stopSignals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

export type StopSignal = keyof typeof stopSignals;

/** How to hear of the signals, and to stop listening. */
export interface StopListener {
  /** Aborted by the first signal; its name is the reason. */
  readonly signal: AbortSignal;
  dispose(): void;
}

/**
 * The first signal lets the step that is under way end and all be saved; a second one ends the process at once.
 *
 * @param announce Called at the first.
 */
export function listenForStop(announce: (name: StopSignal) => void): StopListener {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(stopSignals[name as StopSignal]);
    controller.abort(name);
    announce(name as StopSignal);
  };
  const names = Object.keys(stopSignals) as StopSignal[];
  for (const name of names) process.on(name, stop);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of names) process.off(name, stop);
    },
  };
}

/** Lets a signal wait until files that belong together are written; it then ends the process. */
export async function withoutInterruption<T>(write: () => Promise<T>): Promise<T> {
  const { signal, dispose } = listenForStop(() => undefined);
  try {
    return await write();
  } finally {
    dispose();
    if (signal.aborted) process.exit(stopSignals[signal.reason as StopSignal]);
  }
}
