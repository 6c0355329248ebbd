// The engine's side of a comparison: it says when it is warm, then times a window of steps each time it is asked. So
// one window of every engine follows another's, and a machine that slows down slows all of them.

import { createInterface } from 'node:readline';
import type { Work } from './work.ts';

/** What an engine says of itself once it is warm. */
export interface Ready {
  readonly kernelsPerStep: number | null;
  readonly versions: Readonly<Record<string, string>>;
  /** Where the engine can tell. */
  readonly work?: Work;
}

/** Answers each line of standard input, a number of steps, with the milliseconds they took. */
export async function serveWindows(step: () => void, sync: () => Promise<unknown>, ready: Ready): Promise<void> {
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const steps = Number(line);
    const start = performance.now();
    for (let i = 0; i < steps; i++) step();
    await sync();
    process.stdout.write(`${performance.now() - start}\n`);
  }
}
