import { ConfigError, RandomKey, tf } from '@lab/core';
import { expectNoLeak } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import { classifier, evaluate, predictWith, probabilities, readFeatures } from '../src/index.ts';
import { onCpu } from './cpu.ts';
import { goldenClassifier, goldenPictures } from './golden-network.ts';

onCpu();

/** Reads the first pixels as logits. */
const pixelsAsLogits = (classes: number) => (images: tf.Tensor4D) =>
  tf.slice(tf.reshape(images, [images.shape[0], -1]), [0, 0], [-1, classes]) as tf.Tensor2D;

const ln = Math.log;

/** Logits of three classes with the given probabilities, one picture a row. */
const rows = (...p: [number, number, number][]) => ({
  data: Float32Array.from(p.flat(), ln),
  shape: [p.length, 1, 3, 1],
});

describe('evaluate', () => {
  const pictures = rows([0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.5, 0.4, 0.1], [0.2, 0.2, 0.6]);

  it('counts what it should', async () => {
    const evaluation = await evaluate(pixelsAsLogits(3), { ...pictures, labels: [0, 1, 1, 1] }, { batchSize: 3 });
    expect(evaluation.count).toBe(4);
    expect(evaluation.accuracy).toBe(0.5);
    expect(evaluation.confusion).toEqual([
      [1, 0, 0],
      [1, 1, 1],
      [0, 0, 0],
    ]);
    expect(evaluation.perClass).toEqual([1, 1 / 3, NaN]);
    expect([...evaluation.predictions]).toEqual([0, 1, 0, 2]);
    expect(evaluation.crossEntropy).toBeCloseTo(-(ln(0.7) + ln(0.6) + ln(0.4) + ln(0.2)) / 4, 5);
    // One picture a bin but for two of .6: |1 - .7|, |.5 - .6| twice, |0 - .5|, over 4.
    expect(evaluation.calibrationError).toBeCloseTo((0.3 + 0.2 + 0.5) / 4, 5);
    expect(evaluation.calibration.reduce((sum, { count }) => sum + count, 0)).toBe(4);
  });

  it('gives the same for any batch size, and leaks nothing', async () => {
    await expectNoLeak(async () => {
      const model = goldenClassifier('pooled');
      const labelled = { ...goldenPictures(7), labels: [0, 1, 2, 3, 0, 1, 2] };
      const [one, all] = [
        await evaluate(predictWith(model), labelled, { batchSize: 2 }),
        await evaluate(predictWith(model), labelled),
      ];
      expect(one.crossEntropy).toBeCloseTo(all.crossEntropy, 6);
      expect(one.confusion).toEqual(all.confusion);
      model.dispose();
    });
  });

  it.each([
    [{ labels: [0, 1] }, /number of labels must be 4/],
    [{ labels: [0, 1, 2, 3] }, /Label 3 must be an integer from 0 to 2, not 3/],
    [{ data: pictures.data.slice(1) }, /number of pixels must be 12/],
    [{ data: pictures.data.with(7, NaN) }, /Pixel 1 of picture 2 must be a finite number, not NaN/],
    [{ shape: [4, 3] }, /shape must be \[N, height, width, channels\]/],
    [{ data: new Float32Array(0), shape: [0, 1, 3, 1], labels: [] }, /shape must be/],
  ])('rejects %o', async (wrong, message) => {
    const evaluating = evaluate(pixelsAsLogits(3), { ...pictures, labels: [0, 1, 1, 1], ...wrong });
    await expect(evaluating).rejects.toThrow(ConfigError);
    await expect(evaluating).rejects.toThrow(message);
  });

  it('rejects what does not give logits', async () => {
    const evaluating = probabilities((images) => tf.sum(images, [1, 2, 3]) as unknown as tf.Tensor2D, pictures);
    await expect(evaluating).rejects.toThrow(/logits' shape must be \[4, classes\]/);
  });
});

describe('readFeatures', () => {
  it('gives the last hidden layer, from which the logits follow, and leaks nothing', async () => {
    await expectNoLeak(async () => {
      const model = goldenClassifier('strided');
      const pictures = goldenPictures(5);
      const { features, probabilities: p } = await readFeatures(model, pictures, { batchSize: 2 });
      expect([features.shape, p.shape]).toEqual([
        [5, 12],
        [5, 4],
      ]);
      const wanted = await probabilities(predictWith(model), pictures);
      expect([...p.data]).toEqual([...wanted.data]);
      tf.tidy(() => {
        const [kernel, bias] = model.layers.at(-1)!.getWeights() as [tf.Tensor2D, tf.Tensor1D];
        const logits = tf.add(tf.matMul(tf.tensor2d(features.data, [5, 12]), kernel), bias);
        const again = tf.softmax(logits).dataSync();
        p.data.forEach((value, i) => expect(again[i]).toBeCloseTo(value, 6));
      });
      model.dispose();
    });
  });

  it('rejects a model without a dense layer at its end', async () => {
    const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [12, 12, 1] })] });
    await expect(readFeatures(model, goldenPictures(1))).rejects.toThrow(/last layer must be dense, not 'Flatten'/);
    const own = classifier({ key: RandomKey.fromSeed(1), imageShape: [12, 12, 1] });
    expect((await readFeatures(own, goldenPictures(2))).features.shape).toEqual([2, 128]);
  });
});
