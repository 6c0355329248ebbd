import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { configureSimd, simdInfo, type SimdOptions } from '../src/index.ts';
import { startSimd, stopSimd } from './support/modes.ts';

const script = fileURLToPath(new URL('processes/train.mjs', import.meta.url));

/** A thread that claims the last chunk of the next job (see assembly/pool.ts), and never computes it. */
const takeOneChunk = `
const { parentPort, workerData } = require('node:worker_threads');
const claims = new BigUint64Array(workerData.memory.buffer, workerData.control + 64, 1);
parentPort.postMessage('ready');
for (;;) {
  const left = Atomics.load(claims, 0);
  const isOpen = ((left >> 20n) & 0xfffffn) < (left & 0xfffffn);
  if (isOpen && Atomics.compareExchange(claims, 0, left, left - 1n) === left) break;
}`;

interface Report {
  readonly threads: number;
  readonly slopes: number[];
}

/** Runs the script in a process of its own until that ends by itself. */
async function trainInProcess(threads: number, steps: number): Promise<Report> {
  const child = spawn(process.execPath, [script, String(threads), String(steps)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = (await child.stdout.toArray()).join('');
  if (child.exitCode === null) await once(child, 'exit');
  expect(child.exitCode).toBe(0);
  return JSON.parse(output) as Report;
}

function expectSlopes({ slopes }: Report, digits = 3): void {
  for (const slope of slopes) expect(slope).toBeCloseTo(3, digits);
}

describe('threads', () => {
  afterEach(stopSimd);

  it.each([1, 2, 4])('%i of them start and compute', async (threads) => {
    await startSimd({ threads });
    expect(simdInfo()).toMatchObject({ threads, shared: true });
    expect(simdInfo().reason).toContain(`${threads} thread`);
    expect(tf.sum(tf.ones([300_000])).dataSync()[0]).toBe(300_000);
  });

  it('are one where memory is not shared, and it says why', async () => {
    await startSimd({ threads: 4, shared: false });
    expect(simdInfo()).toMatchObject({ threads: 1, shared: false });
    expect(simdInfo().reason).toMatch(/shared memory was turned off/);
  });

  it('let a process end by itself', async () => {
    const report = await trainInProcess(4, 40);
    expect(report.threads).toBe(4);
    expectSlopes(report);
  });

  it('work inside a worker thread, and let that end by itself', async () => {
    const worker = new Worker(script, { workerData: [3, 40] });
    const [[report], [code]] = (await Promise.all([once(worker, 'message'), once(worker, 'exit')])) as [
      [Report],
      [number],
    ];
    expect(code).toBe(0);
    expect(report.threads).toBe(3);
    expectSlopes(report);
  });

  it('that end between kernels are not missed', async () => {
    const { runtime } = await startSimd({ threads: 3 });
    for (const worker of runtime['workers']) worker.terminate();
    await expect.poll(simdInfo, { timeout: 30_000 }).toMatchObject({ threads: 1 });
    expect(simdInfo().reason).toMatch(/^3 threads .*, thread . has ended \(exit code 0\), thread . has ended/);
    expect(tf.sum(tf.ones([300_000])).dataSync()[0]).toBe(300_000);
  });

  it('that die in a kernel take no result with them unnoticed', async () => {
    const simd = await startSimd({ threads: 2 });
    const x = tf.range(0, 5_000_000);
    const { kernels, memory } = simd.runtime;
    const address = simd.address(x);
    // The last chunks, which a worker takes first, are beyond the end of the memory.
    const tooMany = (memory.buffer.byteLength - address) / 4 + 100_000;
    expect(() => kernels.unary(0, address, address, tooMany, 0, 0)).toThrow(WebAssembly.RuntimeError);
    expectBroken(x);
    await startSimd({ threads: 2 });
    expect(tf.sum(tf.ones([300_000])).dataSync()[0]).toBe(300_000);
  });

  it('that never finish a chunk are given up after ten seconds', async () => {
    const { runtime } = await startSimd({ threads: 2 });
    const x = tf.range(0, 1_000_000);
    const { memory, control } = runtime;
    const thief = new Worker(takeOneChunk, { eval: true, workerData: { memory, control } });
    await once(thief, 'message');
    expect(() => {
      for (let i = 0; i < 5000; i++) tf.dispose(tf.neg(x));
    }).toThrow(/^simd: a thread has died in the middle of a kernel/);
    expectBroken(x);
    await thief.terminate();
  });

  function expectBroken(x: tf.Tensor): void {
    expect(() => tf.neg(x)).toThrow(/^simd: a thread has died in the middle of a kernel/);
    expect(x.dataSync()[999_999]).toBe(999_999);
  }

  it('get done with other processes on every core', async () => {
    const burners = [0, 1, 2].map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
    try {
      expectSlopes(await trainInProcess(2, 500), 5);
    } finally {
      burners.forEach((burner) => burner.kill('SIGKILL'));
    }
  });
});

describe('options', () => {
  it.each<[string, unknown]>([
    ['threads', 0],
    ['threads', 65],
    ['threads', 1.5],
    ['threads', -1],
    ['threads', NaN],
    ['threads', '2'],
  ])('refuse %s: %s, with the range', (name, value) => {
    const options = { [name]: value } as SimdOptions;
    expect(() => configureSimd(options)).toThrow(RangeError);
    expect(() => configureSimd(options)).toThrow(`threads: expected an integer from 1 to 64, got ${String(value)}`);
  });

  it.each(['relaxed', 'shared'])('refuse %s: "yes"', (name) => {
    expect(() => configureSimd({ [name]: 'yes' })).toThrow(`${name}: expected true or false, got yes`);
  });

  it('stay as they were when others are refused', async () => {
    configureSimd({ threads: 2 });
    expect(() => configureSimd({ threads: 99 })).toThrow(RangeError);
    await tf.setBackend('simd');
    expect(simdInfo().threads).toBe(2);
    stopSimd();
  });
});
