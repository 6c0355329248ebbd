import { readFileSync } from 'node:fs';
import { classifier, trainClassifier } from '@lab/adversarial';
import { RandomKey, adam, tf, useBackend } from '@lab/core';
import { orderedBatches } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/node';
import { expect, it } from 'vitest';

interface Golden {
  batch: number;
  learningRate: number;
  losses: number[];
}

const golden = JSON.parse(readFileSync(new URL('golden/cnn-curve.json', import.meta.url), 'utf8')) as Golden;

/** `noise` of golden/make_cnn_curve.py: numbers in [-1, 1), the same in both languages. */
function noise(count: number, stream: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    let mixed = Math.imul(i + stream * 1_000_003 + 1, 2654435761) >>> 0;
    mixed = Math.imul(mixed ^ (mixed >>> 15), 2246822519) >>> 0;
    mixed = (mixed ^ (mixed >>> 13)) >>> 0;
    return (mixed >>> 8) * 2 ** -23 - 1;
  });
}

/** conv 3x3x32, conv 3x3x64, pool, dense 128, dense 10 with `first_weights` of golden/make_cnn_curve.py. */
function goldenClassifier(): tf.LayersModel {
  const model = classifier({ key: RandomKey.fromSeed(1) });
  model.weights.forEach((weight, i) => {
    const shape = weight.shape as number[];
    const fanIn = shape.slice(0, -1).reduce((product, size) => product * size, 1);
    const [stream, limit] = shape.length > 1 ? [i / 2, Math.sqrt(6 / fanIn)] : [10 + (i - 1) / 2, 0.1];
    const values = noise(tf.util.sizeFromShape(shape), stream).map((value) => value * limit);
    tf.tidy(() => (weight.read() as tf.Variable).assign(tf.tensor(values, shape)));
  });
  return model;
}

it('trains the classifier on MNIST along the curve that PyTorch has in float64', async () => {
  await useBackend('simd');
  const { train } = await loadMnist();
  const model = goldenClassifier();
  const batches = orderedBatches(train, { batchSize: golden.batch });
  const options = { optimizer: adam({ learningRate: golden.learningRate }), steps: golden.losses.length };
  for await (const { step, loss } of trainClassifier(model, batches, options)) {
    const wanted = golden.losses[step - 1]!;
    expect(Math.abs(loss / wanted - 1), `step ${step}: ${loss}, not ${wanted}`).toBeLessThan(1e-3);
  }
});
