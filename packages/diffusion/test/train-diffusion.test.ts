import { CheckpointError, ConfigError, decodeSafetensors, encodeSafetensors, RandomKey, tf } from '@lab/core';
import { expectNoLeak } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import {
  denoisingLoss,
  type DiffusionTraining,
  diffusionState,
  diffusionWeights,
  DivergenceError,
  drawDenoisingBatch,
  restoreDiffusion,
  restoreWeights,
  trainDiffusion,
  type TrainDiffusionOptions,
  type TrainProgress,
  trainStep,
  unet,
} from '../src/index.ts';
import { onSimd } from './on-simd.ts';
import { smallUnet } from './small-unet.ts';
import { bars, disposeTraining, type LabelledBatch, smallModel, smallTraining, weightsOf } from './small-model.ts';

const key = RandomKey.fromSeed(8);

onSimd();

function train(training: DiffusionTraining, options: Partial<TrainDiffusionOptions> & { batches?: number } = {}) {
  const { batches = 100, ...rest } = options;
  return trainDiffusion(training.model, bars(batches, rest.startStep), { ...training, key, ...rest });
}

async function all(progress: AsyncIterable<TrainProgress>): Promise<TrainProgress[]> {
  const seen: TrainProgress[] = [];
  for await (const one of progress) seen.push(one);
  return seen;
}

/** A batch on the backend: `[8, 4, 4, 1]`. */
function pictures() {
  const [{ data, shape, labels }] = [...bars(1)] as [LabelledBatch];
  return { x0: tf.tensor4d(data, shape as [number, number, number, number]), labels };
}

describe('the training examples', () => {
  it.each(['epsilon', 'x0', 'v'] as const)('show the noisy picture and ask for %s', (prediction) => {
    expectNoLeak(() => {
      const model = smallModel(1, { prediction });
      tf.tidy(() => {
        const { x0, labels } = pictures();
        const batch = drawDenoisingBatch(model, { x0, labels }, key, 0);
        const noise = key.child('noise').normal(x0.shape).dataSync();
        const levels = [...batch.t.dataSync()].map((t) => model.formulation.levelAt(t));
        const [input, target, clear] = [batch.input, batch.target, x0].map((tensor) => tensor.dataSync());
        for (let i = 0; i < 128; i++) {
          const { alpha, sigma } = levels[Math.floor(i / 16)]!;
          const [x, e] = [clear![i]!, noise[i]!];
          expect(input![i]).toBeCloseTo(alpha * x + sigma * e, 5);
          expect(target![i]).toBeCloseTo({ epsilon: e, x0: x, v: alpha * e - sigma * x }[prediction], 5);
        }
        expect(batch.labels).toEqual([...labels]);
        expect(batch.weight).toBeUndefined();
      });
      model.network.dispose();
    });
  });

  it('weigh errors by min-SNR, and withhold as many classes as they are told to', () => {
    const model = smallModel(1, { minSnr: 5 });
    tf.tidy(() => {
      const { x0, labels } = pictures();
      const batch = drawDenoisingBatch(model, { x0, labels }, key, 0.5);
      const weights = [...batch.t.dataSync()].map((t) => model.formulation.weight(model.formulation.levelAt(t)));
      [...batch.weight!.dataSync()].forEach((weight, i) => expect(weight).toBeCloseTo(weights[i]!, 6));
      const told = [batch.input, batch.t, tf.tensor1d([...batch.labels], 'int32')];
      const answer = model.network.apply(told) as tf.Tensor;
      const errors = tf.mul(batch.weight!, tf.squaredDifference(answer, batch.target));
      expect(denoisingLoss(model, batch).dataSync()[0]).toBeCloseTo(tf.mean(errors).dataSync()[0]!, 6);

      const withheld = Array.from({ length: 100 }, (_, s) =>
        drawDenoisingBatch(model, { x0, labels }, key.child(s), 0.5),
      )
        .flatMap((one) => one.labels)
        .filter((label) => label === 2).length;
      expect(withheld).toBeGreaterThan(350);
      expect(withheld).toBeLessThan(450);
    });
    model.network.dispose();
  });

  it.each<[(model: ReturnType<typeof smallModel>, x0: tf.Tensor4D) => unknown, RegExp]>([
    [(model, x0) => drawDenoisingBatch(model, { x0, labels: [0, 1] }, key, 0), /The number of labels must be 8/],
    [
      (model, x0) => drawDenoisingBatch({ ...model, hasNullClass: false }, { x0, labels: Array(8).fill(0) }, key, 0.1),
      /classDropout must be 0 for a model without a null class, not 0.1/,
    ],
    [(model, x0) => drawDenoisingBatch(model, { x0 }, key, 0), /The number of labels must be 8, one a picture, not 0/],
    [(model, x0) => drawDenoisingBatch(model, { x0, labels: [0, 1, 2, 3, 0, 0, 0, 0] }, key, 0), /Label 3.*at most 2/],
    [
      (model, x0) => drawDenoisingBatch(model, { x0: tf.zeros([8, 2, 8, 1]), labels: x0.shape }, key, 0),
      /\[B, 4, 4, 1\]/,
    ],
    [
      (model, x0) => {
        const options = { optimizer: smallTraining().optimizer, classDropout: 0.1 };
        trainStep({ ...model, hasNullClass: false }, { x0, labels: [0, 1, 0, 0, 0, 0, 0, 1] }, key, options);
      },
      /classDropout must be 0 for a model without a null class, not 0.1/,
    ],
  ])('refuse what does not fit: %#', (make, message) => {
    const model = smallModel();
    tf.tidy(() => {
      const { x0 } = pictures();
      expect(() => make(model, x0)).toThrow(ConfigError);
      expect(() => make(model, x0)).toThrow(message);
    });
    model.network.dispose();
  });
});

describe('trainDiffusion', () => {
  it('yields where it should, and learns', async () => {
    const training = smallTraining();
    const seen = await all(train(training, { steps: 100, metricsEvery: 20 }));
    expect(seen.map(({ step, imagesSeen }) => [step, imagesSeen])).toEqual(
      [20, 40, 60, 80, 100].map((step) => [step, 8 * step]),
    );
    // An untrained network answers 0, which costs 1.
    expect(seen.at(-1)!.loss).toBeLessThan(0.8);
    disposeTraining(training);
  });

  it('gives the same bits for the same seed, and keeps no tensors', async () => {
    const before = tf.memory().numTensors;
    const runs = [];
    for (let run = 0; run < 2; run++) {
      const training = smallTraining();
      const counts = new Set<number>();
      const metrics = [];
      for await (const progress of train(training, { steps: 5 })) {
        counts.add(tf.memory().numTensors);
        metrics.push(progress);
      }
      expect(counts.size).toBe(1);
      runs.push({ metrics, weights: weightsOf(training.model) });
      disposeTraining(training);
    }
    expect(runs[0]).toEqual(runs[1]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('resumed from a checkpoint equals uninterrupted, averages too', async () => {
    const [whole, first, second] = [smallTraining(1), smallTraining(1), smallTraining(2)];
    const wholeMetrics = await all(train(whole, { steps: 6 }));
    await all(train(first, { steps: 3 }));
    const file = encodeSafetensors(await diffusionState(first));
    await restoreDiffusion(second, decodeSafetensors(file, 'memory').tensors);
    const rest = await all(train(second, { startStep: second.optimizer.step, steps: 6 }));
    expect(rest).toEqual(wholeMetrics.slice(3));
    expect(await diffusionState(second)).toEqual(await diffusionState(whole));
    [whole, first, second].forEach(disposeTraining);
  });

  it('averages the weights as it goes', async () => {
    const training = smallTraining();
    await all(train(training, { steps: 4 }));
    expect(training.ema.updates).toBe(4);
    expect((await training.ema.state())['average.0']!.data).not.toEqual(weightsOf(training.model)[0]);
    disposeTraining(training);
  });

  it('ends on a yield when aborted, so that the caller knows the step', async () => {
    const training = smallTraining();
    const controller = new AbortController();
    const batches = function* () {
      for (const [index, batch] of [...bars(20)].entries()) {
        if (index === 4) controller.abort();
        yield batch;
      }
    };
    const options = { ...training, key, metricsEvery: 20, signal: controller.signal };
    expect((await all(trainDiffusion(training.model, batches(), options))).map(({ step }) => step)).toEqual([5]);
    expect(await all(train(training, { signal: AbortSignal.abort() }))).toEqual([]);
    disposeTraining(training);
  });

  it('names the step at which the loss diverges', async () => {
    const training = smallTraining();
    const spoilt = [...bars(3)].map((batch, i) => (i < 2 ? batch : { ...batch, data: batch.data.fill(NaN) }));
    const error = await all(trainDiffusion(training.model, spoilt, { ...training, key })).catch((caught) => caught);
    expect(error).toBeInstanceOf(DivergenceError);
    expect(error).toMatchObject({ step: 3, quantity: 'loss' });
    disposeTraining(training);
  });

  it.each([
    [{ steps: -1 }, 'steps'],
    [{ startStep: 5, steps: 4 }, 'steps'],
    [{ metricsEvery: 0 }, 'metricsEvery'],
    [{ classDropout: 1 }, 'classDropout'],
  ])('rejects %j by name', async (options, field) => {
    const training = smallTraining();
    const error = await all(train(training, options)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ field });
    disposeTraining(training);
  });
});

describe('a state that does not fit', () => {
  it('of another network, without a slot, or with foreign tensors, is named, and everything left as it was', async () => {
    const [from, to] = [smallTraining(1), smallTraining(2)];
    await all(train(from, { steps: 1 }));
    await all(train(to, { steps: 2 }));
    const [state, before] = [await diffusionState(from), await diffusionState(to)];
    const name = 'network/in/kernel';
    const damaged = [
      { ...state, [name]: { ...state[name]!, shape: [1, 36] } },
      Object.fromEntries(Object.entries(state).filter(([one]) => one !== 'optimizer/v.3')),
      Object.fromEntries(Object.entries(state).filter(([one]) => one !== 'ema/average.3')),
      { ...state, 'generator/kernel': state[name]! },
    ];
    for (const one of damaged) {
      await expect(restoreDiffusion(to, one, 'a file')).rejects.toThrow(CheckpointError);
      await expect(restoreDiffusion(to, one, 'a file')).rejects.toThrow(/a file/);
      expect(await diffusionState(to)).toEqual(before);
    }
    const { model, optimizer } = to;
    await expect(restoreDiffusion({ model, optimizer }, state)).rejects.toThrow(/Give it an Ema/);
    [from, to].forEach(disposeTraining);
  });

  it('weights alone go into a model that only samples, or say what is wrong', async () => {
    const [from, to] = [smallModel(1), smallModel(2)];
    const weights = await diffusionWeights(from);
    restoreWeights(to, weights);
    expect(weightsOf(to)).toEqual(weightsOf(from));
    const { 'in/kernel': _, ...rest } = weights;
    expect(() => restoreWeights(to, rest, 'digits.safetensors')).toThrow(/digits.safetensors, tensor 'in\/kernel'/);
    const wider = unet({ ...smallUnet, widths: [8, 8], key: RandomKey.fromSeed(3) });
    expect(() => restoreWeights({ network: wider }, weights, 'digits.safetensors')).toThrow(CheckpointError);
    expect(() => restoreWeights({ network: wider }, weights, 'digits.safetensors')).toThrow(
      /of the same networks and options/,
    );
    wider.dispose();
    from.network.dispose();
    to.network.dispose();
  });
});
