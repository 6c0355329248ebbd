import { join } from 'node:path';
import { loadPretrained } from '@lab/adversarial';
import { RandomKey } from '@lab/core';
import { writeFileAtomic } from '@lab/core/node';
import { type Extent, experiment } from '../adversarial/experiments.ts';
import { allOf } from '../adversarial/pictures.ts';
import { trainPlainClassifier, withAccuracy } from '../adversarial/plain-classifier.ts';
import { adversarialReport } from '../adversarial/write-report.ts';
import type { PresetName } from '../presets.ts';
import { writeReport } from '../report/write-report.ts';
import { loadMnistFor } from '../run/data.ts';
import type { RunRequest } from '../run/config.ts';
import { runFiles } from '../run/files.ts';
import { openTask } from '../run/open-task.ts';
import { thisMachine, writeStatus } from '../run/status.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { defaultFolder } from './outcome.ts';
import type { Task, TaskContext } from './task.ts';

interface Setting extends Extent {
  /** Whether a third classifier is trained, by which figures can be told from the judge's. */
  readonly trainsPlain: boolean;
}

/** The test set has 982 fours. */
const all = { limit: 10_000, nearest: 10_000, untargeted: 1000, trainsPlain: true };

const settings: Readonly<Record<PresetName, Setting>> = {
  smoke: { limit: 2, nearest: 1, untargeted: 4, trainsPlain: false },
  quick: { limit: 150, nearest: 50, untargeted: 200, trainsPlain: false },
  lab: all,
  paper: all,
};

/** Lab task 2.4: adversarial examples. */
export const task24: Task = {
  name: '2.4',
  summary: 'adversarial examples: 4 to 9 and noise to 9, by every attack, on the pretrained classifier: a report',
  options: ['preset', 'seed', 'backend', 'threads', 'out', 'overwrite'],
  run: runAdversarial,
};

class Stopped extends Error {}

async function runAdversarial(request: RunRequest, { report, signal }: TaskContext): Promise<number> {
  const folder = request.out ?? defaultFolder(request, request.task);
  const { config, backend } = await openTask(folder, request, { steps: 1 });
  const started = performance.now();
  const { preset, seed } = config;
  const { trainsPlain, ...extent } = settings[preset];
  const key = RandomKey.fromSeed(seed);
  const tell = (message: string) => report({ event: 'note', message });
  const saveStatus = (state: 'finished' | 'stopped', step: number) =>
    writeStatus(folder, { state, step, seconds: seconds(), backend, machine: thisMachine(), memory: [] });
  const seconds = () => Math.round((performance.now() - started) / 1000);
  const checkStop = () => {
    if (signal.aborted) throw new Stopped();
  };
  try {
    const mnist = await loadMnistFor(preset);
    const test = allOf(mnist.test);
    const judge = await withAccuracy(await loadPretrained(), test);
    const second = await withAccuracy(await loadPretrained('second'), test);
    if (trainsPlain) tell('training a plain classifier, to compare with: 6 epochs');
    const plain = trainsPlain
      ? await trainPlainClassifier(mnist, { key: key.child('plain'), seed, signal })
      : undefined;
    checkStop();
    const others = { 'the second judge': second, ...(plain && { 'a plain classifier': plain }) };
    const findings = await experiment(judge, second.model, others, mnist.test, { ...extent, key, tell, checkStop });
    const { fours: _, example: __, noise: ___, saliency: ____, ...numbers } = findings;
    const setting = { preset, seed, backend, machine: thisMachine(), seconds: seconds() };
    await writeFileAtomic(join(folder, runFiles.results), `${JSON.stringify({ ...setting, ...numbers }, null, 2)}\n`);
    const page = await writeReport(folder, adversarialReport(findings));
    await saveStatus('finished', 1);
    report({ event: 'done', files: [{ path: page, what: 'all figures on one page; open it in a browser' }] });
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    await saveStatus('stopped', 0);
    tell('Stopped; nothing of it was kept. --overwrite begins anew.');
    return exitCodeOf('stopped', signal);
  }
}
