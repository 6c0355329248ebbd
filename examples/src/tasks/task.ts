import type { Reporter } from '../progress/reporter.ts';
import type { RunRequest } from '../run/config.ts';

/** What a task is started with. */
export interface TaskContext {
  readonly report: Reporter;
  /** Aborted with the name of the signal that asks the task to stop. */
  readonly signal: AbortSignal;
}

/** One lab task, as the command line runs it. */
export interface Task {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** Whether `--loss` means anything to it. */
  readonly takesLoss: boolean;
  /** @returns The exit code. */
  run(request: RunRequest, context: TaskContext): Promise<number>;
}
