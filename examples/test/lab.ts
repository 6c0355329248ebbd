/** Runs the real command, as `npm run lab -- ...` does once all is built. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { RandomKey } from '@lab/core';
import { writeIdxFile } from '@lab/mnist-data/node';

const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

/** How a command ended, and all that it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Settings {
  readonly env?: NodeJS.ProcessEnv;
  /** The user to run as, where this one is root. */
  readonly uid?: number;
  /** The most 512-byte blocks that a file may have. */
  readonly fileBlocks?: number;
  readonly cwd?: string;
}

export async function lab(args: readonly string[], settings: Settings = {}): Promise<Ended> {
  return ending(start(args, settings));
}

/** Runs with --json and does something to the process once a step, or a note, has been reported; `act` is called once. */
export async function labUntil(
  step: number | 'note',
  act: (child: ChildProcess) => void,
  args: readonly string[],
): Promise<Ended> {
  const child = start([...args, '--json']);
  let isDone = false;
  createInterface(child.stdout!).on('line', (line) => {
    const event = JSON.parse(line) as { event: string; step?: number };
    const isThere =
      step === 'note' ? event.event === 'note' : ['step', 'progress'].includes(event.event) && event.step! >= step;
    if (isDone || !isThere) return;
    isDone = true;
    act(child);
  });
  return ending(child);
}

function start(args: readonly string[], { env, uid, fileBlocks, cwd }: Settings = {}): ChildProcess {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', cli, ...args];
  const limited = ['sh', '-c', `ulimit -f ${fileBlocks}; exec "$@"`, 'sh', ...node];
  const [file, ...rest] = fileBlocks === undefined ? node : limited;
  const { DEBUG: _, ...inherited } = process.env;
  return spawn(file!, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited, ...env },
    ...(uid !== undefined && { uid }),
    ...(cwd !== undefined && { cwd }),
  });
}

async function ending(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout, stderr };
}

/** A folder that is removed when the test file ends. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'lab-examples-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * Pictures of noise, black or white: they load quickly, and make the loss 'minimax' diverge within a few hundred steps of
 * batch 128.
 */
export async function writeNoise(folder: string, count = 512): Promise<string> {
  mkdirSync(folder, { recursive: true });
  for (const part of ['train', 't10k']) {
    const bits = RandomKey.fromSeed(1).bits(count * 784);
    const images = { shape: [count, 28, 28], data: Uint8Array.from(bits, (word) => (word & 1 ? 255 : 0)) };
    await writeIdxFile(join(folder, `${part}-images-idx3-ubyte`), images);
    const labels = { shape: [count], data: Uint8Array.from({ length: count }, (_, i) => i % 10) };
    await writeIdxFile(join(folder, `${part}-labels-idx1-ubyte`), labels);
  }
  return folder;
}

/** The sha256 of every file of a run that its configuration alone decides, by name. */
export function reproducibleFiles(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => !['status.json', 'report.html', 'report.json'].includes(name));
  return Object.fromEntries(names.sort().map((name) => [name, sha256(join(folder, name))]));
}

export function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
