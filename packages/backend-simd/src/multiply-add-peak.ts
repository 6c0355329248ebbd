import type { Runtime } from './runtime.ts';

const OPERATIONS = 24 * 4 * 2; // of a round
const ROUNDS = 50_000; // a chunk: some hundred microseconds
const CHUNKS_A_THREAD = 16;
const TRIALS = 30;

/** GFLOP/s of multiply-adds in registers alone, on all threads; the best of some trials. */
export function multiplyAddPeak({ kernels, threads }: Runtime): number {
  const chunks = CHUNKS_A_THREAD * threads;
  let best = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const start = performance.now();
    kernels.multiplyAddRounds(chunks, ROUNDS);
    best = Math.max(best, (OPERATIONS * ROUNDS * chunks) / (performance.now() - start) / 1e6);
  }
  return best;
}
