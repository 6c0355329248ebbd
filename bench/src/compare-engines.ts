import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Ready } from './window-server.ts';
import type { Work } from './work.ts';
import type { Engine } from './workloads.ts';

/** The figures of one engine; null where it isn't here. */
export interface Row {
  readonly workload: string;
  readonly engine: string;
  readonly bestMs: number | null;
  readonly medianMs: number | null;
  readonly kernelsPerStep: number | null;
  /** Best time over PyTorch's best time in this run. */
  readonly ratioToTorch: number | null;
  readonly missing?: string;
  readonly versions?: Readonly<Record<string, string>>;
  /** What the step computes, and against what peak, where the engine can tell. */
  readonly work?: Work;
}

const WINDOWS = 10;
const WINDOW_MS = 300;

interface Running {
  readonly engine: Engine;
  readonly ready: Ready;
  readonly msPerStep: number[];
  time(steps: number): Promise<number>;
  stop(): void;
}

/** Starts all engines, then times ten windows of each in turn. */
export async function compareEngines(
  workload: string,
  engines: readonly Engine[],
  report: (text: string) => void,
): Promise<Row[]> {
  const running: Running[] = [];
  const missing = new Map<string, string>();
  for (const engine of engines) {
    report(`starting ${engine.name}\n`);
    try {
      running.push(await start(engine));
    } catch (error) {
      missing.set(engine.name, (error as Error).message);
    }
  }
  const steps = new Map<string, number>();
  for (const { engine, time } of running) steps.set(engine.name, await stepsPerWindow(time));
  for (let window = 1; window <= WINDOWS; window++) {
    report(`window ${window} of ${WINDOWS}\n`);
    for (const { engine, time, msPerStep } of running) {
      const count = steps.get(engine.name) ?? 1;
      msPerStep.push((await time(count)) / count);
    }
  }
  for (const { stop } of running) stop();
  return engines.map(({ name }) => makeRow(workload, name, running, missing));
}

/** How many steps fill a window: found out twice, since the first steps after a rest are slow ones. */
async function stepsPerWindow(time: (steps: number) => Promise<number>): Promise<number> {
  let steps = 3;
  for (let attempt = 0; attempt < 2; attempt++) {
    const ms = (await time(steps)) / steps;
    steps = Math.max(1, Math.round(WINDOW_MS / ms));
  }
  return steps;
}

function makeRow(workload: string, name: string, running: readonly Running[], missing: Map<string, string>): Row {
  const own = running.find(({ engine }) => engine.name === name);
  const empty = { workload, engine: name, bestMs: null, medianMs: null, kernelsPerStep: null, ratioToTorch: null };
  if (!own) return { ...empty, missing: missing.get(name) ?? 'not started' };
  const torch = running.find(({ engine }) => engine.name === 'torch');
  const bestMs = Math.min(...own.msPerStep);
  const ratioToTorch = torch ? bestMs / Math.min(...torch.msPerStep) : null;
  return { ...empty, ...own.ready, bestMs, medianMs: median(own.msPerStep), ratioToTorch };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

async function start(engine: Engine): Promise<Running> {
  const child = spawn(engine.command, engine.args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const next = lineReader(child);
  const ready = JSON.parse(await next()) as Ready;
  const time = async (steps: number): Promise<number> => {
    child.stdin.write(`${steps}\n`);
    return Number(await next());
  };
  return { engine, ready, msPerStep: [], time, stop: () => void child.stdin.end() };
}

/** The line of a program's standard error that names its error. */
function lastError(text: string): string {
  const lines = text.trim().split('\n');
  const line = (lines.findLast((line) => /Error/.test(line)) ?? lines.at(-1))?.trim() || 'it ended without a word';
  return line.replace(/ imported from .*/, ''); // a path of this machine
}

/** The child's lines one by one; rejects with the end of its standard error when it ends instead. */
function lineReader(child: ChildProcessByStdio<Writable, Readable, Readable>): () => Promise<string> {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => void (errors = (errors + chunk.toString()).slice(-2000)));
  const failed = new Promise<never>((_, reject) => {
    child.on('error', (error) => reject(new Error(error.message)));
    child.on('close', () => reject(new Error(lastError(errors))));
  });
  failed.catch(() => undefined);
  return async () => {
    const next = await Promise.race([lines.next(), failed]);
    return next.done ? failed : next.value;
  };
}
