import type { OptionName } from '../cli/options.ts';
import type { Reporter } from '../progress/reporter.ts';
import type { RunRequest } from '../run/config.ts';

/** What a task is started with. */
export interface TaskContext {
  readonly report: Reporter;
  /** Aborted with the name of the signal that asks the task to stop. */
  readonly signal: AbortSignal;
}

/** One task, as the command line runs it. */
export interface Task {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** Those that mean something to it, besides `json` and `help`. */
  readonly options: readonly OptionName[];
  /** What stands in the help for its operands; without it, it takes none. */
  readonly operands?: string;
  /** Whether a signal ends it at once, since it has nothing to save. All others are asked, and end in their own time. */
  readonly leavesAtOnce?: true;
  /** @returns The exit code. */
  run(request: RunRequest, context: TaskContext, operands: readonly string[]): Promise<number>;
}

/** The options of every task that trains. */
export const trainingOptions = [
  'preset',
  'seed',
  'steps',
  'batch',
  'data',
  'backend',
  'threads',
  'out',
  'best',
  'resume',
  'overwrite',
] as const satisfies OptionName[];
