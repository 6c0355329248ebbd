import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { bundleSuite } from './bundle.ts';
import type { Mode } from './mode.ts';
import type { Report } from './outcome.ts';

const MINUTES = 60_000;

const START = `
globalThis.mode = JSON.parse(process.argv[2]);
require('./suite.cjs');
globalThis.report.then((report) => process.send(report, () => process.exit()));
`;

/** Runs the suite once for each mode, each time in a fresh process. */
export async function runInNode<Name extends string>(modes: Record<Name, Mode>): Promise<Record<Name, Report>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'conformance-'));
  try {
    const start = path.join(folder, 'start.cjs');
    await writeFile(path.join(folder, 'suite.cjs'), await bundleSuite('node'));
    await writeFile(start, START);
    const reports: Partial<Record<Name, Report>> = {};
    for (const name in modes) reports[name] = await runProcess(start, modes[name]);
    return reports as Record<Name, Report>;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What the tests print is left out: much of it is what they expect to be printed. */
function runProcess(script: string, mode: Mode): Promise<Report> {
  const child = fork(script, [JSON.stringify(mode)], { silent: true, execArgv: [], timeout: 5 * MINUTES });
  let errors = '';
  child.stderr?.on('data', (chunk) => (errors = `${errors}${chunk}`.slice(-2000)));
  return new Promise((resolve, reject) => {
    child.once('message', (report) => resolve(report as Report));
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`the suite ended with ${signal ?? code}: ${errors}`)));
  });
}
