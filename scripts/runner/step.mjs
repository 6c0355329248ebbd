import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './workspace.mjs';
import { toolEnvironment } from './tools.mjs';

/** Steps that end sooner than this leave no trace: a second `npm run lab` should show the task and nothing else. */
const quietMs = 1000;

/** What is running now, so that a signal ends it too. @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Tools start tools (npm a shell, the shell pnpm), and not all pass a signal on: each step gets a group of its own. */
const ownGroup = process.platform !== 'win32';

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => running.size > 0 && endWith(signal));
}

/**
 * Ends the tools, waits until they are gone, then ends this process by a plain exit, so that the lock is given back.
 * @param {'SIGINT' | 'SIGTERM' | 'SIGHUP'} signal
 */
function endWith(signal) {
  const code = 128 + constants.signals[signal];
  let left = running.size;
  for (const child of running) {
    child.once('close', () => --left === 0 && process.exit(code));
    sendToGroup(child, signal);
    // One that takes no notice.
    setTimeout(() => sendToGroup(child, 'SIGKILL'), 5000).unref();
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function sendToGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(ownGroup ? -child.pid : child.pid, signal);
  } catch {
    // It has ended already.
  }
}

/**
 * Runs a tool without showing what it prints, unless it fails. Progress goes to stderr: stdout belongs to the task.
 *
 * @param {string} label what the user reads, such as `building`
 * @param {string} file
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, shell?: boolean, always?: boolean }} [options] always: report a quick step too
 * @returns {Promise<{ code: number, output: string }>} code 127: the tool could not be started
 */
export async function step(label, file, args, { env = {}, shell = false, always = false } = {}) {
  const start = performance.now();
  let announced = always;
  const timer = setTimeout(() => {
    announced = true;
    if (!always) process.stderr.write(`${label}...\n`);
  }, quietMs);
  const result = await collect(file, args, { env, shell });
  clearTimeout(timer);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (result.code !== 0) process.stderr.write(`${result.output.trimEnd()}\n${label} failed after ${seconds} s\n`);
  else if (announced) process.stderr.write(`${label} done in ${seconds} s\n`);
  return result;
}

/**
 * @param {string} file
 * @param {string[]} args
 * @param {{ env: Record<string, string>, shell: boolean }} options
 * @returns {Promise<{ code: number, output: string }>}
 */
function collect(file, args, { env, shell }) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: root,
      env: { ...toolEnvironment(), ...env },
      shell,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: ownGroup,
    });
    running.add(child);
    let output = '';
    const add = (/** @type {Buffer} */ chunk) => (output += chunk.toString());
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    const end = (/** @type {number} */ code) => {
      running.delete(child);
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output += `${file}: ${error.message}\n`;
      end(127);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}
