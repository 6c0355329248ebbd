import { join } from 'node:path';
import type { Section } from '@lab/viz';
import { formatSeconds } from '../progress/format.ts';
import type { Reporter } from '../progress/reporter.ts';
import { readReport, writeReport } from '../report/write-report.ts';
import type { RunMode, RunRequest, TaskConfig } from '../run/config.ts';
import { runFiles } from '../run/files.ts';
import { inspectFolder } from '../run/folder.ts';
import { type OpenedTask, openTask } from '../run/open-task.ts';
import { type RunStatus, thisMachine, writeStatus } from '../run/status.ts';
import { task21 } from './2.1-gan.ts';
import { task22 } from './2.2-losses.ts';
import { task23 } from './2.3-cgan.ts';
import { task24 } from './2.4-adversarial.ts';
import { task25 } from './2.5-diffusion.ts';
import { exitCodeOf } from './exit-codes.ts';
import { defaultFolder, resumeCommand } from './outcome.ts';
import type { Task, TaskContext } from './task.ts';

const chapters = [task21, task22, task23, task24, task25];

/** Every lab task in turn, and one report on all of them. */
export const allTask: Task = {
  name: 'all',
  summary: 'tasks 2.1 to 2.5 one after the other, and one report on all of them (the default)',
  options: ['preset', 'seed', 'backend', 'threads', 'out', 'resume', 'overwrite'],
  run: runAll,
};

async function runAll(request: RunRequest, context: TaskContext): Promise<number> {
  const { report, signal } = context;
  const folder = request.out ?? defaultFolder(request, request.task);
  const course = await openTask(folder, request, { steps: chapters.length });
  let { step: done, seconds } = course.status ?? { step: 0, seconds: 0 };
  for (const task of chapters.slice(done)) {
    report({ event: 'note', message: `\ntask ${task.name} (${done + 1} of ${chapters.length}): ${task.summary}` });
    const started = performance.now();
    await runChapter(task, folder, request, course, context);
    seconds += (performance.now() - started) / 1000;
    if (!signal.aborted) done += 1;
    const state = signal.aborted ? 'stopped' : done === chapters.length ? 'finished' : 'running';
    await saveStatus(folder, course, { state, step: done, seconds });
    if (signal.aborted) break;
  }
  const page = await writeCourse(folder, course.config, seconds);
  const files = [{ path: page, what: 'all tasks on one page; open it in a browser' }];
  report({ event: 'done', files, ...(signal.aborted && { resume: resumeCommand(request, folder) }) });
  return exitCodeOf(signal.aborted ? 'stopped' : 'finished', signal);
}

async function saveStatus(
  folder: string,
  { backend }: OpenedTask,
  standing: Pick<RunStatus, 'state' | 'step' | 'seconds'>,
): Promise<void> {
  await writeStatus(folder, { ...standing, backend, machine: thisMachine(), memory: [] });
}

/** Runs a task in a folder of its own; an unfinished one goes on where that is possible, and begins anew where it isn't. */
async function runChapter(
  task: Task,
  folder: string,
  { mode, threads }: RunRequest,
  { config: { preset, seed, backend } }: OpenedTask,
  { report, signal }: TaskContext,
): Promise<void> {
  const out = join(folder, task.name);
  const settings = { task: task.name, preset, seed, backend, mode: await ownMode(task, out, mode), out };
  const request = threads === undefined ? settings : { ...settings, threads };
  await task.run(request, { report: withoutFiles(report), signal }, []);
}

async function ownMode(task: Task, out: string, mode: RunMode): Promise<RunMode> {
  if (mode !== 'resume' || !task.options.includes('resume')) return 'overwrite';
  const isThere = await inspectFolder(out, 'resume').then(
    () => true,
    () => false,
  );
  return isThere ? 'resume' : 'overwrite';
}

/** The files of one task are named in the end, in the report on all. */
function withoutFiles(report: Reporter): Reporter {
  return (event) => {
    if (event.event !== 'done') report(event);
  };
}

async function writeCourse(folder: string, { preset, seed, backend }: TaskConfig, seconds: number): Promise<string> {
  const parts = await Promise.all(chapters.map(({ name }) => readReport(join(folder, name))));
  return writeReport(folder, {
    title: 'Generative models of MNIST: the five lab tasks',
    subtitle: `Preset ${preset}, seed ${seed}, on ${backend}: ${formatSeconds(seconds)} in all.`,
    sections: [
      { kind: 'text', paragraphs: introduction },
      ...parts.flatMap((part): Section[] => {
        if (part === undefined) return [];
        const { title, subtitle, sections } = part;
        return [{ kind: 'chapter', heading: title, ...(subtitle !== undefined && { subtitle }) }, ...sections];
      }),
    ],
    generator: `Made by the lab's command 'all'. Each task's folder beside this page holds its own ${runFiles.report}.`,
  });
}

const introduction = [
  'Five tasks on the 70,000 handwritten digits of MNIST. 2.1: a generator and a discriminator play the game that Goodfellow et al. ' +
    '(2014) proposed. 2.2: the same game with another loss, and longer. 2.3: a generator that is told which digit to draw. 2.4: ' +
    'pictures made to be misread. 2.5: a diffusion model beside all of them.',
  'All figures are of runs that this command made, on the real data; the numbers are of the judge, a classifier that reads 99.37% of ' +
    'the test set. The preset decides how long the runs are: quick shows what each method does, lab is the assignment.',
];
