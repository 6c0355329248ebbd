import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { configureSimd, simdInfo, type SimdOptions } from '../src/index.ts';
import { startSimd, stopSimd } from './support/modes.ts';

const script = fileURLToPath(new URL('processes/train.mjs', import.meta.url));

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
