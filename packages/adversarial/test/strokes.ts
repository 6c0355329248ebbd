import type { RandomKey } from '@lab/core';
import type { LabelledPictures } from '../src/index.ts';

const size = 6;

/** Pictures of one upright stroke on noise; the class is its column: 1, 2 or 3 (as 0, 1, 2). */
export function strokes(key: RandomKey, count: number): LabelledPictures {
  const labels = key.child('labels').integers(count, 0, 2);
  const data = key.child('noise').uniformArray(count * size * size, 0, 0.4);
  labels.forEach((label, i) => {
    for (let row = 0; row < size; row++) data[(i * size + row) * size + label + 1] = 1;
  });
  return { data, shape: [count, size, size, 1], labels };
}

/** Batches without end; batch s is a function of the key and s alone. */
export function* strokeBatches(key: RandomKey, batchSize: number, startStep = 0): Generator<LabelledPictures> {
  for (let step = startStep; ; step++) yield strokes(key.child(step), batchSize);
}
