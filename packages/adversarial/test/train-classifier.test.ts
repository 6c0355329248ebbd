import { ConfigError, DivergenceError, Ema, RandomKey, adam, tf } from '@lab/core';
import { expectNoLeak } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import {
  type LabelledPictures,
  type TrainProgress,
  classifier,
  classifierState,
  classifierWeights,
  evaluate,
  predictWith,
  restoreClassifier,
  restoreWeights,
  shiftedBatches,
  trainClassifier,
  trainableVariables,
} from '../src/index.ts';
import { onCpu } from './cpu.ts';
import { strokeBatches, strokes } from './strokes.ts';

const key = RandomKey.fromSeed(5);
const small = { imageShape: [6, 6, 1], blocks: [[3]], hidden: [8], classes: 3 } as const;

onCpu();

function smallTraining() {
  return { model: classifier({ key, ...small }), optimizer: adam({ learningRate: 0.01 }) };
}

async function train(
  { model, optimizer }: ReturnType<typeof smallTraining>,
  options: { steps?: number; startStep?: number; metricsEvery?: number; ema?: Ema; signal?: AbortSignal },
): Promise<TrainProgress[]> {
  const seen: TrainProgress[] = [];
  const batches = strokeBatches(key, 12, options.startStep);
  for await (const progress of trainClassifier(model, batches, { optimizer, steps: 30, ...options })) {
    seen.push(progress);
  }
  return seen;
}

describe('trainClassifier', () => {
  it('learns to tell strokes apart', async () => {
    const training = smallTraining();
    const seen = await train(training, { steps: 150, metricsEvery: 50 });
    expect(seen.map(({ step, imagesSeen }) => [step, imagesSeen])).toEqual([
      [50, 600],
      [100, 1200],
      [150, 1800],
    ]);
    expect(seen.at(-1)!.loss).toBeLessThan(seen[0]!.loss);
    const { accuracy } = await evaluate(predictWith(training.model), strokes(RandomKey.fromSeed(77), 100));
    expect(accuracy).toBeGreaterThan(0.97);
  });

  it('resumes with the same bits, and leaks nothing', async () => {
    await expectNoLeak(async () => {
      const whole = smallTraining();
      await train(whole, { steps: 6 });
      const first = smallTraining();
      await train(first, { steps: 4 });
      const second = smallTraining();
      await restoreClassifier(second.model, second.optimizer, await classifierState(first.model, first.optimizer));
      const seen = await train(second, { steps: 6, startStep: second.optimizer.step });
      expect(seen.map(({ step, imagesSeen }) => [step, imagesSeen])).toEqual([
        [5, 60],
        [6, 72],
      ]);
      expect(await classifierWeights(second.model)).toEqual(await classifierWeights(whole.model));
      for (const { model, optimizer } of [whole, first, second]) {
        model.dispose();
        optimizer.dispose();
      }
    });
  });

  it('keeps averages of the weights if it is given any', async () => {
    const training = smallTraining();
    const variables = trainableVariables(training.model);
    const ema = new Ema(variables, { decay: 0.5 });
    await train(training, { steps: 3, ema, metricsEvery: 3 });
    expect(ema.updates).toBe(3);
    ema.dispose();
  });

  it('stops when its signal says so, after a step that it still reports', async () => {
    const stop = new AbortController();
    const { model, optimizer } = smallTraining();
    const steps: number[] = [];
    const options = { optimizer, metricsEvery: 4, signal: stop.signal };
    for await (const { step } of trainClassifier(model, strokeBatches(key, 4), options)) {
      steps.push(step);
      stop.abort();
    }
    expect(steps).toEqual([4]);
  });

  it('names step and loss once the loss is no number', async () => {
    const { model, optimizer } = smallTraining();
    const bad: LabelledPictures = { data: new Float32Array(36).fill(NaN), shape: [1, 6, 6, 1], labels: [0] };
    const training = trainClassifier(model, [bad], { optimizer });
    await expect(training.next()).rejects.toThrow(DivergenceError);
  });

  it.each([
    [{ labels: [0, 3] }, /Label 1 must be an integer from 0 to 2, not 3/],
    [{ labels: [0] }, /The number of labels must be 2, one a picture, not 1/],
    [{ shape: [2, 6, 7, 1] }, /shape must be \[B, 6, 6, 1\], not \[2, 6, 7, 1\]/],
  ])('rejects a batch with %o', async (wrong, message) => {
    const { model, optimizer } = smallTraining();
    const batch = { data: new Float32Array(72), shape: [2, 6, 6, 1], labels: [0, 1], ...wrong };
    const first = trainClassifier(model, [batch], { optimizer }).next();
    await expect(first).rejects.toThrow(ConfigError);
    await expect(first).rejects.toThrow(message);
  });
});

describe('restoreWeights', () => {
  it('takes half precision, and changes nothing if a tensor does not fit', async () => {
    const { model } = smallTraining();
    const weights = await classifierWeights(model);
    const half = Object.fromEntries(
      Object.entries(weights).map(([name, w]) => [name, { ...w, dtype: 'F16' as const }]),
    );
    restoreWeights(model, half);
    const { 'logits/bias': _, ...rest } = half;
    expect(() => restoreWeights(model, rest, 'judge.safetensors')).toThrow(/judge.safetensors.*logits\/bias/);
    expect(await classifierWeights(model)).toEqual(weights);
  });
});

describe('shiftedBatches', () => {
  const one = { data: Float32Array.from({ length: 12 }, (_, i) => i + 1), shape: [1, 4, 3, 1], labels: [0] };

  it('moves each picture by whole pixels, zeros coming in', () => {
    const found = new Set<string>();
    for (const { data } of shiftedBatches(
      Array.from({ length: 200 }, () => one),
      { key, most: 1 },
    )) {
      found.add([...data].join());
    }
    expect(found.size).toBe(9);
    expect(found).toContain([...one.data].join());
    expect(found).toContain('0,0,0,0,1,2,0,4,5,0,7,8');
    expect(found).toContain('5,6,0,8,9,0,11,12,0,0,0,0');
  });

  it('depends on the batch’s number alone, and lets pictures vanish', () => {
    const batches = [one, one, one];
    const whole = [...shiftedBatches(batches, { key })];
    expect([...shiftedBatches(batches.slice(2), { key, startStep: 2 })]).toEqual(whole.slice(2));
    const far = [
      ...shiftedBatches(
        Array.from({ length: 50 }, () => one),
        { key, most: 5 },
      ),
    ];
    expect(far.some(({ data }) => data.every((value) => value === 0))).toBe(true);
  });
});

it('is a model that tfjs can summarise and clone through its configuration', () => {
  const { model } = smallTraining();
  const copy = tf.Sequential.fromConfig(tf.Sequential, model.getConfig() as never) as tf.Sequential;
  expect(copy.outputs[0]!.shape).toEqual([null, 3]);
});
