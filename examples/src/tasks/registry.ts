import { ganTask } from './gan.ts';
import type { Task } from './task.ts';

/** Every task, in the order in which the help lists them; the first is the default. */
export const tasks: readonly [Task, ...Task[]] = [ganTask];
