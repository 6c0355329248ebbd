import { ConfigError, RandomKey, type Optimizer, adam, sgd, tf } from '@lab/core';
import { describeBackends, expectNoLeak } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import { type StepMetrics, classifier, trainStep } from '../src/index.ts';
import { trainableVariables } from '../src/classifier.ts';
import { type GoldenNetwork, goldenClassifier, goldenNetworks, goldenPictures } from './golden-network.ts';
import { readGolden } from './golden.ts';

interface Entries {
  index: number[];
  gradient: number[];
  change: number[];
}

const golden = readGolden<Record<GoldenNetwork, StepMetrics & { weights: Entries[] }>>('train-step.json');
const batch = 6;

function goldenBatch(): [tf.Tensor4D, tf.Tensor1D] {
  const { data, shape } = goldenPictures(batch);
  const labels = Array.from({ length: batch }, (_, i) => i % 4);
  return [tf.tensor4d(data, shape as [number, number, number, number]), tf.tensor1d(labels, 'int32')];
}

function weightsOf(model: tf.LayersModel): Float32Array[] {
  return model.weights.map((weight) => weight.read().dataSync().slice() as Float32Array);
}

/** Notes the gradients that an optimiser is given, in the variables' order. */
function noting(optimizer: Optimizer, gradients: Float32Array[]): Optimizer {
  return {
    ...optimizer,
    apply(given, variables) {
      for (const { name } of variables) gradients.push(given[name]!.dataSync().slice() as Float32Array);
      optimizer.apply(given, variables);
    },
  };
}

describeBackends(
  'trainStep',
  () => {
    it.each(goldenNetworks)('equals PyTorch in float64 for the %s network: loss, gradients and change', (name) => {
      expectNoLeak(() => {
        const model = goldenClassifier(name);
        const before = weightsOf(model);
        const optimizer = adam();
        const gradients: Float32Array[] = [];
        const [images, labels] = goldenBatch();
        const metrics = trainStep(model, images, labels, { optimizer: noting(optimizer, gradients) });
        const after = weightsOf(model);

        expect(metrics.accuracy).toBeCloseTo(golden[name].accuracy, 6);
        expect(Math.abs(metrics.loss - golden[name].loss)).toBeLessThan(1e-6);
        golden[name].weights.forEach(({ index, gradient, change }, i) => {
          index.forEach((at, entry) => {
            expect(Math.abs(gradients[i]![at]! - gradient[entry]!)).toBeLessThan(5e-7);
            expect(Math.abs(after[i]![at]! - before[i]![at]! - change[entry]!)).toBeLessThan(1e-6);
          });
        });
        tf.dispose([images, labels]);
        optimizer.dispose();
        model.dispose();
      });
    });

    it('gives the same bits for the same seed', () => {
      const [images, labels] = goldenBatch();
      const runs = [1, 2].map(() => {
        const model = classifier({ key: RandomKey.fromSeed(4), imageShape: [12, 12, 1], blocks: [[2]], hidden: [4] });
        const optimizer = adam();
        for (let step = 0; step < 3; step++) trainStep(model, images, labels, { optimizer });
        return weightsOf(model);
      });
      expect(runs[0]).toEqual(runs[1]);
      tf.dispose([images, labels]);
    });

    it('changes nothing at learning rate 0, and leaves the weights untouched by pictures of another shape', () => {
      const model = goldenClassifier('pooled');
      const before = weightsOf(model);
      const [images, labels] = goldenBatch();
      trainStep(model, images, labels, { optimizer: sgd({ learningRate: 0 }) });
      expect(weightsOf(model)).toEqual(before);
      const wrong = tf.zeros([6, 12, 9, 1]) as tf.Tensor4D;
      const step = () => trainStep(model, wrong, labels, { optimizer: adam() });
      expect(step).toThrow(ConfigError);
      expect(step).toThrow(/\[B, 12, 12, 1\].*\[6, 12, 9, 1\]/);
      expect(weightsOf(model)).toEqual(before);
      expect(trainableVariables(model)).toHaveLength(8);
    });
  },
  ['cpu', 'simd'],
);

describe('the classifier by default', () => {
  it('is conv 3x3x32, conv 3x3x64, pool, dense 128, dense 10', () => {
    const model = classifier({ key: RandomKey.fromSeed(1) });
    expect(model.weights.map(({ originalName, shape }) => [originalName, shape])).toEqual([
      ['conv1_1/kernel', [3, 3, 1, 32]],
      ['conv1_1/bias', [32]],
      ['conv1_2/kernel', [3, 3, 32, 64]],
      ['conv1_2/bias', [64]],
      ['hidden1/kernel', [9216, 128]],
      ['hidden1/bias', [128]],
      ['logits/kernel', [128, 10]],
      ['logits/bias', [10]],
    ]);
    model.dispose();
  });

  it.each([
    [{ kernelSize: 0 }, /kernelSize must be an integer at least 1, not 0/],
    [{ classes: 1 }, /classes must be an integer at least 2, not 1/],
    [{ padding: 'full' }, /padding must be one of/],
    [{ filters: [3] }, /An option of classifier must be one of/],
    [{ imageShape: [6, 28, 1], blocks: [[2, 2, 2]] }, /imageShape must be large enough/],
  ])('rejects %o', (wrong, message) => {
    const build = () => classifier({ key: RandomKey.fromSeed(1), ...(wrong as object) });
    expect(build).toThrow(ConfigError);
    expect(build).toThrow(message);
  });
});
