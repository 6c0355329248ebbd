import { expect, it } from 'vitest';
import { ConfigError, paceSteps, tf, useBackend } from '../src/index.ts';
import type { PaceOptions } from '../src/pace-steps.ts';

await useBackend('cpu');

const batches = (count: number, size = 4) => Array.from({ length: count }, () => ({ shape: [size, 2] }));

/** What is yielded, and which steps were made and measured. */
async function pace(count: number, options: PaceOptions) {
  const made: [number, boolean][] = [];
  const yielded: object[] = [];
  const takeStep = (_: object, step: number, isMeasured: boolean) => {
    made.push([step, isMeasured]);
    return tf.tensor1d([step / 2]);
  };
  for await (const progress of paceSteps(batches(count), options, takeStep, (values) => ({ half: values[0] }))) {
    yielded.push(progress);
  }
  return { made, yielded };
}

it('yields at multiples of metricsEvery and after the last step, and keeps no tensors', async () => {
  const before = tf.memory().numTensors;
  const { made, yielded } = await pace(9, { steps: 5, metricsEvery: 2 });
  expect(made).toEqual([1, 2, 3, 4, 5].map((step) => [step, step !== 1 && step !== 3]));
  expect(yielded).toEqual([2, 4, 5].map((step) => ({ step, imagesSeen: 4 * step, half: step / 2 })));
  expect(tf.memory().numTensors).toBe(before);
});

it('counts on from startStep, and ends with the batches', async () => {
  const { yielded } = await pace(2, { startStep: 7 });
  expect(yielded).toEqual([8, 9].map((step) => ({ step, imagesSeen: 4 * step, half: step / 2 })));
  expect((await pace(2, { startStep: 7, steps: 7 })).made).toEqual([]);
});

it('ends on a yield when aborted, or at once if the last step was yielded', async () => {
  const signal = AbortSignal.abort();
  expect((await pace(5, { signal })).made).toEqual([]);
  const controller = new AbortController();
  const steps: number[] = [];
  const takeStep = (_: object, step: number) => {
    if (step === 2) controller.abort();
    return tf.scalar(step);
  };
  const options = { signal: controller.signal, metricsEvery: 10 };
  for await (const { step } of paceSteps(batches(9), options, takeStep, () => ({}))) steps.push(step);
  expect(steps).toEqual([3]);
});

it.each<[PaceOptions, RegExp]>([
  [{ startStep: -1 }, /startStep/],
  [{ metricsEvery: 0 }, /metricsEvery/],
  [{ startStep: 3, steps: 2 }, /steps/],
])('refuses %j', async (options, message) => {
  await expect(pace(1, options)).rejects.toThrow(ConfigError);
  await expect(pace(1, options)).rejects.toThrow(message);
});
