import { ConfigError, RandomKey, decodeSafetensors, encodeSafetensors, tf } from '@lab/core';
import { describe, expect, it } from 'vitest';
import {
  DivergenceError,
  type GanTraining,
  type TrainGanOptions,
  type TrainProgress,
  ganState,
  goodfellow,
  goodfellowOptimizers,
  losses,
  minimax,
  restoreGan,
  trainGan,
} from '../src/index.ts';
import { onCpu } from './cpu.ts';
import { disposeTraining, noiseBatches, smallTraining, weightsOf } from './small-gan.ts';

const key = RandomKey.fromSeed(8);

onCpu();

function train(training: GanTraining, options: Partial<TrainGanOptions> & { batches?: number } = {}) {
  const { batches = 100, ...rest } = options;
  const from = rest.startStep ?? 0;
  return trainGan(training.gan, noiseBatches(batches, from), { ...training, key, loss: losses.logistic, ...rest });
}

async function all(progress: AsyncIterable<TrainProgress>): Promise<TrainProgress[]> {
  const seen: TrainProgress[] = [];
  for await (const one of progress) seen.push(one);
  return seen;
}

describe('trainGan', () => {
  it('yields after every step, with the images seen and finite metrics', async () => {
    const training = smallTraining();
    const seen = await all(train(training, { steps: 3 }));
    expect(seen.map(({ step, imagesSeen }) => [step, imagesSeen])).toEqual([
      [1, 4],
      [2, 8],
      [3, 12],
    ]);
    for (const { dReal, dFake, dLoss, gLoss, dGradNorm, gGradNorm } of seen) {
      for (const p of [dReal, dFake]) expect(p > 0 && p < 1).toBe(true);
      for (const value of [dLoss, gLoss, dGradNorm, gGradNorm]) expect(value).toBeGreaterThan(0);
    }
    disposeTraining(training);
  });

  it('measures every n steps and at the end, with the same weights as if it measured always', async () => {
    const [often, seldom] = [smallTraining(), smallTraining()];
    const every = await all(train(often, { steps: 7 }));
    const some = await all(train(seldom, { steps: 7, metricsEvery: 3 }));
    expect(some).toEqual([every[2], every[5], every[6]]);
    expect(weightsOf(seldom)).toEqual(weightsOf(often));
    disposeTraining(often);
    disposeTraining(seldom);
  });

  it('ends with the batches if no number of steps is given, which may come asynchronously', async () => {
    const training = smallTraining();
    async function* slowly() {
      for (const batch of noiseBatches(3)) yield await Promise.resolve(batch);
    }
    const seen = await all(trainGan(training.gan, slowly(), { ...training, key, loss: losses.logistic }));
    expect(seen.map(({ step }) => step)).toEqual([1, 2, 3]);
    disposeTraining(training);
  });

  it('ends the batches too when the caller leaves the loop', async () => {
    const training = smallTraining();
    let isClosed = false;
    function* watched() {
      try {
        yield* noiseBatches(100);
      } finally {
        isClosed = true;
      }
    }
    for await (const { step } of trainGan(training.gan, watched(), { ...training, key, loss: losses.logistic })) {
      if (step === 2) break;
    }
    expect(isClosed).toBe(true);
    disposeTraining(training);
  });

  it('ends on a yield when aborted, so that the caller knows the step', async () => {
    const training = smallTraining();
    const controller = new AbortController();
    const batches = function* () {
      for (const [index, batch] of [...noiseBatches(50)].entries()) {
        if (index === 4) controller.abort();
        yield batch;
      }
    };
    const options = { ...training, key, loss: losses.logistic, metricsEvery: 20, signal: controller.signal };
    expect((await all(trainGan(training.gan, batches(), options))).map(({ step }) => step)).toEqual([5]);
    expect(training.dOptimizer.step).toBe(5);
    expect(await all(train(training, { signal: AbortSignal.abort() }))).toEqual([]);
    disposeTraining(training);
  });

  it('lets timers run meanwhile', async () => {
    const training = smallTraining();
    let isDone = false;
    setTimeout(() => (isDone = true), 1);
    for await (const _ of train(training, { batches: Infinity })) if (isDone) break;
    expect(isDone).toBe(true);
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
      runs.push({ metrics, weights: weightsOf(training) });
      disposeTraining(training);
    }
    expect(runs[0]).toEqual(runs[1]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(['reference', 'goodfellow'])('resumed from a checkpoint equals uninterrupted: %s', async (networks) => {
    const start = (seed: number): GanTraining => {
      if (networks === 'reference') return smallTraining(seed);
      const gan = goodfellow(RandomKey.fromSeed(seed), { generatorUnits: 5, maxoutUnits: 3, maxoutPieces: 2 });
      return { gan, ...goodfellowOptimizers({ stepsPerEpoch: 2 }) };
    };
    const shape = networks === 'reference' ? [4, 4, 5, 1] : [4, 28, 28, 1];
    const size = shape.reduce((a, b) => a * b);
    function* batches(from: number) {
      for (let step = from; ; step++) yield { data: key.child('data').child(step).uniformArray(size), shape };
    }
    const run = (training: GanTraining, startStep: number, steps: number) =>
      all(trainGan(training.gan, batches(startStep), { ...training, key, loss: losses.logistic, startStep, steps }));

    const [whole, first, second] = [start(1), start(1), start(2)];
    const wholeMetrics = await run(whole, 0, 6);
    await run(first, 0, 3);
    const file = encodeSafetensors(await ganState(first));
    await restoreGan(second, decodeSafetensors(file, 'memory').tensors);
    const restMetrics = await run(second, second.gOptimizer.step, 6);

    expect(restMetrics).toEqual(wholeMetrics.slice(3));
    expect(await ganState(second)).toEqual(await ganState(whole));
    for (const training of [whole, first, second]) disposeTraining(training);
  });

  it('names step and loss when the loss diverges, and has yielded nothing that was not finite', async () => {
    const training = smallTraining();
    const logit = training.gan.discriminator.weights.at(-1)!.read() as tf.Variable;
    // D is as sure that everything is real as one that has won: 1 - D(G(z)) rounds to 0.
    const steps: number[] = [];
    const run = async () => {
      for await (const { step } of train(training, { loss: minimax })) {
        steps.push(step);
        if (step === 2) tf.tidy(() => logit.assign(tf.tensor1d([60])));
      }
    };
    const error = await run().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DivergenceError);
    expect(error).toMatchObject({ step: 3, value: Infinity });
    expect((error as Error).message).toMatch(/dLoss of the loss 'minimax' became Infinity at step 3.*on logits/);
    expect(steps).toEqual([1, 2]);
    disposeTraining(training);
  });

  it.each([
    [{ steps: -1 }, 'steps'],
    [{ steps: 2.5 }, 'steps'],
    [{ startStep: -3 }, 'startStep'],
    [{ startStep: 5, steps: 4 }, 'steps'],
    [{ metricsEvery: 0 }, 'metricsEvery'],
  ])('rejects %j by name', async (options, field) => {
    const training = smallTraining();
    const error = await all(train(training, options)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ field });
    disposeTraining(training);
  });

  it('rejects pictures of another shape', async () => {
    const training = smallTraining();
    const pictures = [{ data: new Float32Array(40), shape: [4, 10, 1, 1] }];
    const run = trainGan(training.gan, pictures, { ...training, key, loss: losses.logistic });
    await expect(all(run)).rejects.toThrow(ConfigError);
    disposeTraining(training);
  });
});
