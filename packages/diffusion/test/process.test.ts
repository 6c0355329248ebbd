import { ConfigError, RandomKey, tf } from '@lab/core';
import { expectNoLeak, expectTensorsClose } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import {
  answerOf,
  clean,
  clipPrediction,
  diffuse,
  halfLogSnr,
  noiseSchedule,
  type NoiseScheduleOptions,
  noiseToSignal,
  posteriorVariance,
  predictionOf,
  predictionWeight,
  scheduleOf,
  targets,
  transitionVariance,
  variancePreserving,
} from '../src/index.ts';
import { onSimd } from './on-simd.ts';
import { readGolden } from './golden.ts';

onSimd();

interface GoldenSchedule {
  readonly options: Required<NoiseScheduleOptions>;
  readonly index: readonly number[];
  readonly betas: readonly number[];
  readonly alphasCumprod: readonly number[];
  readonly posteriorVariance: readonly number[];
  readonly weights: Readonly<Record<keyof typeof targets, readonly number[]>>;
}

const golden = readGolden<GoldenSchedule[]>('process.json');
const predictions = Object.keys(targets) as (keyof typeof targets)[];
const key = RandomKey.fromSeed(12);

function expectClose(actual: number, expected: number, what: string): void {
  expect(Math.abs(actual - expected), what).toBeLessThanOrEqual(1e-11 * Math.abs(expected) + 1e-15);
}

describe('the schedules', () => {
  it.each(golden.map((one) => [JSON.stringify(one.options), one] as const))('%s has the tables of NumPy', (_, one) => {
    const schedule = noiseSchedule(one.options);
    one.index.forEach((t, i) => {
      for (const table of ['betas', 'alphasCumprod', 'posteriorVariance'] as const) {
        expectClose(schedule[table][t]!, one[table][i]!, `${table} at ${t}`);
      }
      const alpha = Math.sqrt(schedule.alphasCumprod[t]!);
      const level = { t, alpha, sigma: Math.sqrt(1 - alpha ** 2) };
      if (level.alpha === 0) return;
      for (const prediction of predictions) {
        const weight = predictionWeight(level, prediction, 5);
        expect(weight / one.weights[prediction][i]!, `${prediction} at ${t}`).toBeCloseTo(1, 9);
      }
    });
  });

  it('fall from almost all of the picture to almost nothing, or to nothing', () => {
    for (const kind of ['linear', 'cosine', 'sigmoid'] as const) {
      for (const zeroTerminalSnr of [false, true]) {
        const { alphasCumprod } = noiseSchedule({ kind, timesteps: 100, zeroTerminalSnr });
        expect(alphasCumprod.every((product, t) => t === 0 || product < alphasCumprod[t - 1]!)).toBe(true);
        expect(alphasCumprod[0]).toBeGreaterThan(0.99);
        expect(alphasCumprod[99]! === 0).toBe(zeroTerminalSnr);
        expect(alphasCumprod[99]).toBeLessThan(1e-3);
      }
    }
  });

  it.each([
    [() => noiseSchedule({ timesteps: 1 }), /timesteps must be an integer at least 2, not 1/],
    [() => noiseSchedule({ kind: 'cosin' as 'cosine' }), /Did you mean 'cosine'/],
    [() => noiseSchedule({ kind: 'linear', timesteps: 10 }), /beta of timestep/],
    [() => noiseSchedule({ steps: 10 } as object), /one of 'timesteps'.*not 'steps'/],
    [() => scheduleOf([0.1, 1, 0.2]), /The beta of timestep 1 of 3 must be above 0 and below 1, not 1/],
    [() => scheduleOf([0.1, 0]), /timestep 1 of 2/],
  ])('refuse what is out of range: %#', (make, message) => {
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });
});

describe('the variance-preserving formulation', () => {
  const schedule = noiseSchedule({ timesteps: 50 });
  const formulation = variancePreserving({ schedule });

  it('has a level for every timestep, whose posterior variances are those of the schedule', () => {
    for (let t = 0; t < 50; t++) {
      const level = formulation.levelAt(t);
      expect(level.t).toBe(t);
      expect(level.alpha ** 2 + level.sigma ** 2).toBeCloseTo(1, 14);
      const before = t === 0 ? clean : formulation.levelAt(t - 1);
      expectClose(posteriorVariance(level, before), schedule.posteriorVariance[t]!, `posterior at ${t}`);
      expect(transitionVariance(level, before) / schedule.betas[t]!).toBeCloseTo(1, 9);
    }
  });

  it('finds the level with a given noise to signal, between timesteps too', () => {
    for (const t of [0, 1, 17, 49]) {
      const { alpha, sigma } = formulation.levelAt(t);
      const found = formulation.levelWith(sigma / alpha);
      expect(found.t).toBeCloseTo(t, 6);
      expect(found.alpha).toBeCloseTo(alpha, 12);
      expect(found.sigma).toBeCloseTo(sigma, 12);
    }
    const between = formulation.levelWith(1);
    expect(noiseToSignal(between)).toBeCloseTo(1, 12);
    expect(halfLogSnr(between)).toBeCloseTo(0, 12);
    const [below, above] = [Math.floor(between.t), Math.ceil(between.t)].map((t) =>
      noiseToSignal(formulation.levelAt(t)),
    );
    expect(below! < 1 && above! > 1).toBe(true);
    expect(() => formulation.levelWith(1e-6)).toThrow(ConfigError);
  });

  it('draws every timestep as often as any other', () => {
    const counts = new Array<number>(50).fill(0);
    for (const { t } of formulation.drawLevels(key, 5000)) counts[t]! += 1;
    expect(Math.min(...counts)).toBeGreaterThan(50);
    expect(Math.max(...counts)).toBeLessThan(160);
  });

  it.each([
    [() => formulation.levelAt(50), /A timestep must be an integer at least 0 and at most 49, not 50/],
    [() => formulation.levelAt(1.5), /A timestep/],
    [() => variancePreserving({ prediction: 'noise' as 'v' }), /prediction must be one of/],
    [() => variancePreserving({ minSnr: 0 }), /minSnr must be a number above 0/],
    [
      () => variancePreserving({ schedule: noiseSchedule({ zeroTerminalSnr: true }) }),
      /prediction must be 'v' or 'x0' with a schedule whose last signal-to-noise ratio is zero/,
    ],
  ])('refuses what is out of range: %#', (make, message) => {
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });
});

describe('predictions', () => {
  const shape = [2, 3, 3, 1];
  const level = { t: 7, alpha: 0.6, sigma: 0.8 };

  it.each(predictions)('of %s give back picture and noise, and turn into each other', (prediction) => {
    expectNoLeak(() => {
      tf.tidy(() => {
        const x0 = key.child('x0').uniform<tf.Rank.R4>(shape, -1, 1);
        const epsilon = key.child('epsilon').normal<tf.Rank.R4>(shape);
        const xt = diffuse(x0, epsilon, level);
        const target = targets[prediction](level);
        const found = predictionOf(xt, answerOf({ x0, epsilon }, target), level, target);
        expectTensorsClose(found.x0, x0);
        expectTensorsClose(found.epsilon, epsilon);
        const velocity = answerOf(found, targets.v(level));
        expectTensorsClose(velocity, tf.sub(tf.mul(0.6, epsilon), tf.mul(0.8, x0)));
      });
    });
  });

  it('held within bounds still explain the noisy picture', () => {
    tf.tidy(() => {
      const xt = key.child('xt').normal<tf.Rank.R4>(shape);
      const epsilon = key.child('other').normal<tf.Rank.R4>(shape);
      const clipped = clipPrediction(xt, predictionOf(xt, epsilon, level, targets.epsilon()), level, [-0.5, 0.5]);
      expect(Math.max(...clipped.x0.dataSync())).toBeLessThanOrEqual(0.5);
      expect(Math.min(...clipped.x0.dataSync())).toBeGreaterThanOrEqual(-0.5);
      expectTensorsClose(diffuse(clipped.x0, clipped.epsilon, level), xt);
    });
  });

  it('know pure noise for what it is, if the network was asked for v or the picture', () => {
    const noise = { t: 9, alpha: 0, sigma: 1 };
    tf.tidy(() => {
      const [x0, xt] = [key.child(0), key.child(1)].map((child) => child.normal<tf.Rank.R4>(shape)) as [
        tf.Tensor4D,
        tf.Tensor4D,
      ];
      for (const prediction of ['v', 'x0'] as const) {
        const target = targets[prediction](noise);
        const found = predictionOf(xt, answerOf({ x0, epsilon: xt }, target), noise, target);
        expectTensorsClose(found.x0, x0);
        expectTensorsClose(found.epsilon, xt);
      }
    });
  });
});

describe('diffuse', () => {
  it('takes every picture to a level of its own: mean alpha x0, deviation sigma', () => {
    tf.tidy(() => {
      const levels = [variancePreserving().levelAt(100), variancePreserving().levelAt(900)];
      const x0 = tf.fill([2, 100, 100, 1], 0.5) as tf.Tensor4D;
      const xt = diffuse(x0, key.normal<tf.Rank.R4>([2, 100, 100, 1]), levels);
      const { mean, variance } = tf.moments(xt, [1, 2, 3]);
      levels.forEach(({ alpha, sigma }, i) => {
        expect(mean.dataSync()[i]! - alpha * 0.5).toBeCloseTo(0, 1);
        expect(variance.dataSync()[i]! / sigma ** 2).toBeCloseTo(1, 1);
      });
      expect(() => diffuse(x0, x0, [clean, clean, clean])).toThrow(/The number of levels must be 1 or 2, not 3/);
    });
  });
});
