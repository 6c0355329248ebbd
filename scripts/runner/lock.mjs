import { mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PlainError } from './plain-error.mjs';
import { root } from './workspace.mjs';

const file = path.join(root, '.turbo', 'prepare.lock');
const heartbeatMs = 1000;
/** A lock this old has no living owner: the owner touches it every second. */
const staleMs = 15_000;

function take() {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw new PlainError(`${root} cannot be written, and installing and building must write there.\n${error}`);
  }
}

function removeIfStale() {
  const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (age < staleMs) return;
  const aside = `${file}.${process.pid}`;
  try {
    // A rename succeeds for one of several that wait.
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch {
    // Another one was first.
  }
}

function beat() {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Somebody removed it by hand, as they may.
  }
}

async function acquire() {
  for (let told = false; !take(); told = true) {
    if (!told)
      process.stderr.write('waiting for another command of this workspace to finish installing or building...\n');
    removeIfStale();
    await wait(200);
  }
}

/**
 * Runs `work` while no other command of this workspace installs or builds: both replace files that the other one reads.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function exclusively(work) {
  await acquire();
  const release = () => rmSync(file, { force: true });
  const heartbeat = setInterval(beat, heartbeatMs);
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off('exit', release);
    release();
  }
}
