import { spawn } from 'node:child_process';
import { toolEnvironment } from './tools.mjs';

/**
 * A terminal sends Ctrl-C to everyone in the foreground, and npm passes it on once more. Signals closer together than this
 * are one key press: the task must see exactly one, since a second may well mean "stop at once" to it.
 */
const sameKeyPressMs = 300;

const ownGroup = process.platform !== 'win32';
const watcher = new URL('exit-with-parent.mjs', import.meta.url).href;

/** Node arguments for a task that gets a process group of its own. */
export const taskArguments = ownGroup ? [`--import=${watcher}`] : [];

/** @param {import('node:child_process').ChildProcess} child */
function forwardSignals(child) {
  let last = -Infinity;
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    const now = performance.now();
    // On Windows the console itself reaches the task; here it is enough to stay alive until the task has ended.
    if (ownGroup && (signal !== 'SIGINT' || now - last > sameKeyPressMs)) child.kill(signal);
    last = now;
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, forward);
  if (ownGroup) suspendWith(child);
}

/** Ctrl-Z and `fg`. @param {import('node:child_process').ChildProcess} child */
function suspendWith(child) {
  process.on('SIGTSTP', () => {
    child.kill('SIGSTOP');
    process.kill(process.pid, 'SIGSTOP');
  });
  process.on('SIGCONT', () => child.kill('SIGCONT'));
}

/**
 * Starts a program that takes over the terminal, and ends as it ends: with its exit code, or by the signal that killed it.
 *
 * @param {string} file
 * @param {string[]} args passed on unchanged
 * @param {{ stdin?: 'inherit' | 'ignore', cwd?: string, env?: Record<string, string> }} [options]
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
 */
export function run(file, args, { stdin = 'inherit', cwd = process.cwd(), env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      env: { ...toolEnvironment(), LAB_PARENT: String(process.pid), ...env },
      stdio: [stdin, 'inherit', 'inherit'],
      detached: ownGroup,
    });
    forwardSignals(child);
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
}

/**
 * Ends this process as the child ended.
 * @param {{ code: number | null, signal: NodeJS.Signals | null }} end
 */
export function endAs({ code, signal }) {
  if (signal === null) {
    process.exitCode = code ?? 1;
    return;
  }
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
