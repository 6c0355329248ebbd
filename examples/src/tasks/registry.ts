import { allTask } from './all.ts';
import { completionTask } from './completion.ts';
import { ganTask } from './gan.ts';
import { latentTask } from './latent.ts';
import { task21 } from './2.1-gan.ts';
import { task23 } from './2.3-cgan.ts';
import { task24 } from './2.4-adversarial.ts';
import { task24Defence } from './2.4-defence.ts';
import { task25 } from './2.5-diffusion.ts';
import { task22 } from './2.2-losses.ts';
import { compareTask } from '../compare/compare-task.ts';
import { drawTask } from '../diffusion/draw-task.ts';
import { latentDiffusionTask } from '../latent-diffusion/latent-diffusion-task.ts';
import { resultsTask } from '../results/results-task.ts';
import { scoreTask } from '../score/score-task.ts';
import { usesTask } from '../uses/uses-task.ts';
import type { Task } from './task.ts';

/** Every task, in the order in which the help lists them; the first is the default. */
export const tasks: readonly [Task, ...Task[]] = [
  allTask,
  ganTask,
  task21,
  task22,
  task23,
  task24,
  task24Defence,
  task25,
  drawTask,
  compareTask,
  latentDiffusionTask,
  usesTask,
  completionTask,
  latentTask,
  resultsTask,
  scoreTask,
];
