import { formatCount, formatSeconds, roughly } from './format.ts';
import { describeScores } from '../score/describe-scores.ts';
import type { Reporter, RunEvent } from './reporter.ts';

/** A terminal, or a file or pipe that was given in its place. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

const secondsBetweenLines = 10;
const msBetweenFrames = 80;

/** For people: one line that is redrawn on a terminal, a line now and then elsewhere. */
export function consoleReporter(output: Output): Reporter {
  const line = output.isTTY === true ? liveLine(output) : occasionalLines(output);
  return (event) => {
    if (event.event === 'step' || event.event === 'progress') return line.show(event);
    line.clear();
    const text = describe(event);
    if (text !== '') output.write(`${text}\n`);
  };
}

interface ProgressLine {
  show(event: LineEvent): void;
  clear(): void;
}

function liveLine(output: Output): ProgressLine {
  let drawn = -Infinity;
  return {
    show: (event) => {
      if (performance.now() - drawn < msBetweenFrames) return;
      drawn = performance.now();
      const room = (output.columns ?? 80) - 1;
      const text = progressText(event);
      output.write(`\r\u001b[2K${text.length <= room ? text : briefProgress(event).slice(0, room)}`);
    },
    clear: () => output.write('\r\u001b[2K'),
  };
}

function occasionalLines(output: Output): ProgressLine {
  let written = performance.now();
  return {
    show: (event) => {
      if (event.step < event.steps && performance.now() - written < secondsBetweenLines * 1000) return;
      written = performance.now();
      output.write(`${progressText(event)}\n`);
    },
    clear: () => undefined,
  };
}

type StepEvent = Extract<RunEvent, { event: 'step' }>;
type ProgressEvent = Extract<RunEvent, { event: 'progress' }>;
type LineEvent = StepEvent | ProgressEvent;

function progressText(event: LineEvent): string {
  return event.event === 'step' ? gameProgress(event) : lossProgress(event);
}

/** Short enough for any terminal. */
function lossProgress({ step, steps, loss, imagesPerSecond, secondsLeft }: ProgressEvent): string {
  const pace = `${formatCount(imagesPerSecond)} images/s`;
  return `step ${step}/${steps}  loss ${loss.toFixed(4)}  ${pace}  ${formatSeconds(secondsLeft)} left`;
}

function gameProgress(event: StepEvent): string {
  const { step, steps, dLoss, gLoss, dReal, dFake, imagesPerSecond, secondsLeft } = event;
  const losses = `loss D ${dLoss.toFixed(3)} G ${gLoss.toFixed(3)}`;
  const beliefs = `D(x) ${dReal.toFixed(3)} D(G(z)) ${dFake.toFixed(3)}`;
  const pace = `${formatCount(imagesPerSecond)} images/s`;
  return `step ${step}/${steps}  ${losses}  ${beliefs}  ${pace}  ${formatSeconds(secondsLeft)} left`;
}

/** The same in less than 80 characters. */
function briefProgress(event: LineEvent): string {
  return event.event === 'step' ? briefGame(event) : lossProgress(event);
}

function briefGame({ step, steps, dLoss, gLoss, dReal, dFake, imagesPerSecond, secondsLeft }: StepEvent): string {
  const players = `D ${dLoss.toFixed(2)} G ${gLoss.toFixed(2)} D(x) ${dReal.toFixed(2)} D(G(z)) ${dFake.toFixed(2)}`;
  const pace = `${(imagesPerSecond / 1000).toFixed(1)}k img/s`;
  return `${step}/${steps} ${players} ${pace} ${formatSeconds(secondsLeft)} left`;
}

function describe(event: Exclude<RunEvent, LineEvent>): string {
  switch (event.event) {
    case 'start':
      return describeStart(event);
    case 'snapshot':
      return `step ${event.step}: wrote ${event.file}`;
    case 'note':
      return event.message;
    case 'scores':
      return describeScores(event);
    case 'end':
      return describeEnd(event);
    case 'done':
      return describeDone(event);
    case 'error':
      return '';
  }
}

function describeStart(event: Extract<RunEvent, { event: 'start' }>): string {
  const { task, loss, preset, seed, steps, batch, startStep, backend, data, expectedSeconds } = event;
  const from = startStep === 0 ? '' : `, resumed at step ${formatCount(startStep)}`;
  const passedOver = backend.rejected.map(({ name, reason }) => `\n           not ${name}: ${reason}`);
  return [
    `task       ${task}, loss ${loss}, seed ${seed}`,
    `preset     ${preset}: ${formatCount(steps)} steps of ${batch} pictures${from}`,
    `data       ${data.name}, ${formatCount(data.pictures)} pictures`,
    `backend    ${backend.name}: ${backend.reason}${describeDetails(backend.details)}${passedOver.join('')}`,
    `folder     ${event.folder}`,
    `time       ${expectedSeconds === undefined ? 'unknown; the first steps will tell' : roughly(expectedSeconds)}`,
  ].join('\n');
}

function describeDetails(details: Readonly<Record<string, unknown>>): string {
  const { threads, relaxed } = details;
  if (threads === undefined) return '';
  return ` (${String(threads)} ${threads === 1 ? 'thread' : 'threads'}${relaxed === true ? ', relaxed SIMD' : ''})`;
}

function describeEnd({ state, step, seconds, message }: Extract<RunEvent, { event: 'end' }>): string {
  const at = `step ${formatCount(step)} after ${formatSeconds(seconds)}`;
  if (state === 'diverged') return `diverged: ${message ?? ''}\nThe last good checkpoint is of ${at}.`;
  return state === 'finished' ? `finished at ${at}` : `stopped at ${at}; all is saved`;
}

function describeDone({ files, resume }: Extract<RunEvent, { event: 'done' }>): string {
  const width = Math.max(0, ...files.map(({ path }) => path.length));
  const lines = files.map(({ path, what }) => `  ${path.padEnd(width)}  ${what}`);
  const toOpen = files.length === 0 ? [] : ['Open', ...lines];
  return [...toOpen, ...(resume === undefined ? [] : [`To go on: ${resume}`])].join('\n');
}
