import { RandomKey } from '@lab/core';
import { type Dataset, toFloat } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/browser';
import type { Emit } from './messages.ts';

let loading: Promise<Dataset> | undefined;

/** The full MNIST, fetched once from where the page lies; tells as 'download' how far it is. */
export function mnist(emit: Emit): Promise<Dataset> {
  loading ??= loadMnist({ onProgress: (progress) => emit('download', progress) }).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** A digit of the test set, `[784]`, in [0, 1]. */
export async function exampleDigit(
  { digit, seed }: { digit: number; seed: number },
  emit: Emit,
): Promise<Float32Array> {
  const { test } = await mnist(emit);
  const those = Array.from(test.labels.keys()).filter((i) => test.labels[i] === digit);
  const [chosen] = RandomKey.fromSeed(seed)
    .child('example')
    .integers(1, 0, those.length - 1);
  return toFloat(test, [those[chosen!]!]);
}
