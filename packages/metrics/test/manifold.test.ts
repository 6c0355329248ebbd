import '@tensorflow/tfjs-backend-cpu';
import { RandomKey } from '@lab/core';
import { describe, expect, it } from 'vitest';
import { manifoldScores } from '../src/index.ts';

const key = RandomKey.fromSeed(12);
const [count, size, neighbours] = [120, 8, 5];

/** Two tight modes, `gap` to either side of 0: float32 products of such rows can't tell who is near whom. */
function twoModes(name: string, gap: number): Float32Array {
  return key
    .child(name)
    .normalArray(count * size, 0, 0.1)
    .map((value, i) => value + (Math.floor(i / size) % 2 === 0 ? gap : -gap));
}

/** Kynkäänniemi et al. 2019 and Naeem et al. 2020 by their definitions, every distance in float64. */
function byDefinition(samples: Float32Array, reference: Float32Array) {
  const distance = (a: Float32Array, i: number, b: Float32Array, j: number) => {
    let sum = 0;
    for (let d = 0; d < size; d++) sum += (a[i * size + d]! - b[j * size + d]!) ** 2;
    return sum;
  };
  const rows = [...Array(count).keys()];
  const radii = (a: Float32Array) =>
    rows.map(
      (i) =>
        rows
          .filter((j) => j !== i)
          .map((j) => distance(a, i, a, j))
          .sort((one, other) => one - other)[neighbours - 1]!,
    );
  const [ofSamples, ofReference] = [radii(samples), radii(reference)];
  const share = (holds: (i: number) => boolean) => rows.filter(holds).length / count;
  const pairs = rows.flatMap((i) => rows.filter((j) => distance(samples, i, reference, j) <= ofReference[j]!));
  return {
    precision: share((i) => rows.some((j) => distance(samples, i, reference, j) <= ofReference[j]!)),
    recall: share((j) => rows.some((i) => distance(samples, i, reference, j) <= ofSamples[i]!)),
    density: pairs.length / (neighbours * count),
    coverage: share((j) => rows.some((i) => distance(samples, i, reference, j) <= ofReference[j]!)),
  };
}

describe('manifoldScores', () => {
  it.each([0, 30, 1000])('are what their definitions say of two modes at +-%i', async (gap) => {
    const [samples, reference] = [twoModes('samples', gap), twoModes('reference', gap)];
    const shape = [count, size];
    const found = await manifoldScores({ data: samples, shape }, { data: reference, shape }, { neighbours });
    const expected = byDefinition(samples, reference);
    for (const [name, value] of Object.entries(expected)) expect(found[name as 'recall'], name).toBeCloseTo(value, 9);
  });
});
