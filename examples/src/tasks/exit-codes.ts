import type { RunOutcome } from '../run/train-run.ts';
import { stopSignals, type StopSignal } from '../run/stop-signals.ts';

export const exitCodes = { done: 0, failed: 1, usage: 2, diverged: 3 } as const;

/** The exit code of a task whose last run ended so. */
export function exitCodeOf(state: RunOutcome['state'], signal: AbortSignal): number {
  if (state === 'stopped') return stopSignals[signal.reason as StopSignal];
  return state === 'diverged' ? exitCodes.diverged : exitCodes.done;
}
