import { RandomKey, tf, useBackend } from '@lab/core';
import { subset, toFloat } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/node';
import { beforeAll, expect, test } from 'vitest';
import { nearestDigit } from '../src/results/nearest-digit.ts';

beforeAll(async () => {
  await useBackend('simd', { threads: 1 });
});

function range(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to - from }, (_, i) => from + i);
}

test('a picture is nearest to itself, also past the first block', async () => {
  const { train } = await loadMnist();
  const known = subset(train, range(0, 4500));
  const asked = Uint32Array.from([0, 1999, 2000, 4499]);
  const pictures = tf.tensor(toFloat(known, asked, 'unit'), [4, 28, 28, 1]);
  const before = tf.memory().numTensors;
  expect([...nearestDigit(known)(pictures)]).toEqual([...asked].map((index) => known.labels[index]));
  expect(tf.memory().numTensors).toBe(before);
});

test('the judge reads most of the pictures it has not seen, and noise as something', async () => {
  const { train, test: unseen } = await loadMnist();
  const judge = nearestDigit(subset(train, range(0, 5000)));
  const asked = range(0, 500);
  const read = judge(tf.tensor(toFloat(unseen, asked, 'unit'), [500, 28, 28, 1]));
  expect([...read].filter((label, i) => label === unseen.labels[i]).length).toBeGreaterThan(440);
  const noise = RandomKey.fromSeed(1).uniform([3, 28, 28, 1]);
  for (const label of judge(noise)) expect(label).toBeLessThan(10);
});
