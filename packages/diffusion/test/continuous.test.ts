import { ConfigError, RandomKey, tf } from '@lab/core';
import { expectTensorsClose } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import {
  clean,
  denoisingLoss,
  drawDenoisingBatch,
  edm,
  eulerMaruyama,
  heun,
  noiseToSignal,
  predictionOf,
  predictorCorrector,
  type Sampler,
  samplers,
  samplingPath,
  toTheEnd,
  varianceExploding,
} from '../src/index.ts';
import { gaussianOracle, momentsOf } from './gaussian-oracle.ts';
import { onSimd } from './on-simd.ts';
import { smallModel } from './small-model.ts';

onSimd();

const key = RandomKey.fromSeed(41);
const shape = [2, 4, 4, 1];
const gaussian = { mean: 0.3, std: 0.5 };

describe('edm', () => {
  it.each([0.002, 0.3, 0.5, 7, 80])('has the preconditioning of table 1 at sigma %f', (sigma) => {
    tf.tidy(() => {
      const formulation = edm({ sigmaData: 0.6 });
      const level = formulation.levelWith(sigma);
      expect(level.t).toBeCloseTo(250 * Math.log(sigma), 9);
      expect(formulation.levelAt(level.t).sigma).toBeCloseTo(sigma, 12);
      const [skip, out] = [0.36 / (sigma ** 2 + 0.36), (sigma * 0.6) / Math.sqrt(0.36 + sigma ** 2)];
      expect(formulation.inputScale(level)).toBeCloseTo(1 / Math.sqrt(sigma ** 2 + 0.36), 12);
      const [x, answer] = [0, 1].map((i) => key.child(i).normal<tf.Rank.R4>(shape)) as [tf.Tensor4D, tf.Tensor4D];
      const { x0, epsilon } = predictionOf(x, answer, level, formulation.target(level));
      expectTensorsClose(x0, tf.add(tf.mul(skip, x), tf.mul(out, answer)), { absolute: 1e-5 });
      expectTensorsClose(tf.add(x0, tf.mul(sigma, epsilon)), x, { absolute: 1e-4 });
    });
  });

  it('trains on the loss of equation 8, at levels whose logarithm is normal', () => {
    const model = { ...smallModel(), formulation: edm() };
    tf.tidy(() => {
      const x0 = key.normal<tf.Rank.R4>([8, 4, 4, 1], 0, 0.5);
      const labels = [0, 1, 0, 1, 0, 1, 0, 1];
      const batch = drawDenoisingBatch(model, { x0, labels }, key, 0);
      const noise = key.child('noise').normal<tf.Rank.R4>([8, 4, 4, 1]);
      const sigmas = [...batch.t.dataSync()].map((t) => Math.exp(t / 250));
      const each = (value: (sigma: number) => number) => tf.tensor4d(sigmas.map(value), [8, 1, 1, 1]);
      const skip = each((s) => 0.25 / (s * s + 0.25));
      const out = each((s) => (s * 0.5) / Math.hypot(s, 0.5));
      const x = tf.add(
        x0,
        tf.mul(
          each((s) => s),
          noise,
        ),
      ) as tf.Tensor4D;
      const told = [
        tf.mul(
          each((s) => 1 / Math.hypot(s, 0.5)),
          x,
        ),
        batch.t,
        tf.tensor1d(labels, 'int32'),
      ];
      const answer = model.network.apply(told) as tf.Tensor;
      const denoised = tf.add(tf.mul(skip, x), tf.mul(out, answer));
      const weight = each((s) => (s * s + 0.25) / (s * 0.5) ** 2);
      const loss = tf.mean(tf.mul(weight, tf.squaredDifference(denoised, x0))).dataSync()[0]!;
      expect(denoisingLoss(model, batch).dataSync()[0]! / loss).toBeCloseTo(1, 3);

      const logs = edm()
        .drawLevels(key, 4000)
        .map(({ sigma }) => Math.log(sigma));
      const mean = logs.reduce((sum, log) => sum + log, 0) / 4000;
      const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / 4000;
      expect(mean).toBeCloseTo(-1.2, 1);
      expect(Math.sqrt(variance)).toBeCloseTo(1.2, 1);
    });
    model.network.dispose();
  });

  it.each(Object.entries(samplers))('%s recovers normal pixels along its path', (_, sampler) => {
    tf.tidy(() => {
      const path = samplingPath(edm(), { steps: 200 });
      expect(path[0]!.sigma).toBeCloseTo(80, 9);
      expect(path[199]!.sigma).toBeCloseTo(0.002, 9);
      const xT = key.normal<tf.Rank.R4>([1, 120, 120, 1], 0, 80);
      const { mean, std } = momentsOf(toTheEnd(sampler({ denoise: gaussianOracle(gaussian), path, xT, key })));
      expect(Math.abs(mean - gaussian.mean)).toBeLessThan(0.02);
      expect(Math.abs(std - gaussian.std)).toBeLessThan(0.02);
    });
  });

  it('with churn: heun still does', () => {
    tf.tidy(() => {
      const path = samplingPath(edm(), { steps: 40 });
      const xT = key.normal<tf.Rank.R4>([1, 120, 120, 1], 0, 80);
      const sampler = heun({ churn: { formulation: edm(), amount: 40, from: 0.05, to: 50 } });
      const { mean, std } = momentsOf(toTheEnd(sampler({ denoise: gaussianOracle(gaussian), path, xT, key })));
      expect(Math.abs(mean - gaussian.mean)).toBeLessThan(0.02);
      expect(Math.abs(std - gaussian.std)).toBeLessThan(0.02);
    });
  });

  it('refuses what is out of range, and timesteps that it has not', () => {
    expect(() => edm({ sigmaMin: 90 })).toThrow(/sigmaMax must be a number above 90, not 80/);
    expect(() => edm({ pStd: 0 })).toThrow(ConfigError);
    expect(() => samplingPath(edm(), { spacing: 'trailing' })).toThrow(/spacing must be 'linspace' or 'karras'/);
  });
});

describe('varianceExploding', () => {
  const process = varianceExploding();

  it('has the deviations of sigma 25', () => {
    const found = [1, 0.5, 0.001].map((t) => process.levelAt(t).sigma);
    [9.845, 1.931, 0.0317].forEach((expected, i) => expect(found[i]! / expected).toBeCloseTo(1, 2));
    for (const t of [1e-5, 0.001, 0.4, 1]) {
      const level = process.levelAt(t);
      expect(process.levelWith(noiseToSignal(level)).t).toBeCloseTo(t, 9);
    }
    expect(() => process.levelAt(0)).toThrow(/A time must be a number above 0 and at most 1/);
    expect(() => varianceExploding({ sigma: 1 })).toThrow(ConfigError);
  });

  it('asks for minus the noise: the loss of the tutorials, a pixel', () => {
    const model = { ...smallModel(), formulation: process };
    tf.tidy(() => {
      const x0 = key.uniform<tf.Rank.R4>([8, 4, 4, 1]);
      const batch = drawDenoisingBatch(model, { x0, labels: [0, 1, 0, 1, 0, 1, 0, 1] }, key, 0);
      expectTensorsClose(batch.target, tf.neg(key.child('noise').normal([8, 4, 4, 1])));
      expect(batch.t.dataSync().every((t) => t >= 1e-5 && t <= 1)).toBe(true);
    });
    model.network.dispose();
  });

  it('steps as Euler and Maruyama do', () => {
    tf.tidy(() => {
      const path = samplingPath(process, { steps: 5, spacing: 'linspace' });
      const xT = key.normal<tf.Rank.R4>(shape, 0, 9);
      const denoise = gaussianOracle(gaussian);
      const states = [];
      for (const { xt, level } of eulerMaruyama(process)({ denoise, path, xT, key })) {
        states.push({ xt: tf.clone(xt), level });
      }
      const dt = (1 - 1e-3) / 4;
      for (let i = 0; i < 5; i++) {
        const { xt, level } = states[i]!;
        const g = 25 ** level.t;
        const score = tf.div(tf.sub(denoise(xt, level).x0, xt), level.sigma ** 2);
        const mean = tf.add(xt, tf.mul(g ** 2 * dt, score));
        const z = key
          .child(i + 1)
          .child('step')
          .normal(shape);
        const expected = i === 4 ? mean : tf.add(mean, tf.mul(g * Math.sqrt(dt), z));
        expectTensorsClose(states[i + 1]!.xt, expected, { absolute: 1e-4, relative: 1e-4 });
      }
      expect(states[5]!.level).toBe(clean);
    });
  });

  it('makes one step of each of its samplers as float64 has it, in the letters of the papers', () => {
    tf.tidy(() => {
      const [from, to] = [process.levelAt(0.6), process.levelAt(0.5)];
      const xT = key.child('xT').normal<tf.Rank.R4>([2, 3, 3, 1], 0, from.sigma);
      const draws = (name: string) => Array.from(key.child(1).child(name).normal([2, 3, 3, 1]).dataSync());
      const score = (x: number[]) => x.map((one) => (gaussian.mean - one) / (gaussian.std ** 2 + from.sigma ** 2));
      // Song et al. 2021, equation 6, backwards over dt.
      const predict = (x: number[]) => {
        const [g, dt, z, s] = [25 ** 0.6, 0.6 - 0.5, draws('step'), score(x)];
        return x.map((one, i) => one + g ** 2 * s[i]! * dt + g * Math.sqrt(dt) * z[i]!);
      };
      // Algorithms 2 and 4: both norms are means over the pictures.
      const correct = (x: number[]) => {
        const [z, s] = [draws('corrector'), score(x)];
        const norm = (values: number[]) => Math.hypot(...values);
        const size = (norm(s.slice(0, 9)) + norm(s.slice(9))) / 2;
        const e = 2 * ((0.16 * Math.sqrt(9)) / size) ** 2;
        return x.map((one, i) => one + e * s[i]! + Math.sqrt(2 * e) * z[i]!);
      };
      const x = Array.from(xT.dataSync());
      const start = { denoise: gaussianOracle(gaussian), path: [from, to], xT, key };
      const expectStep = (sampler: Sampler, expected: number[]) => {
        expectTensorsClose(toTheEnd(sampler(start)), tf.tensor4d(expected, [2, 3, 3, 1]), {
          relative: 2e-5,
          absolute: 2e-5,
        });
      };
      expectStep(eulerMaruyama(process), predict(x));
      expectStep(predictorCorrector(process), predict(correct(x)));
    });
  });

  it.each([
    ['eulerMaruyama', eulerMaruyama(process), 1],
    ['predictorCorrector', predictorCorrector(process), 2],
  ] as const)('%s recovers normal pixels', (_, sampler, passes) => {
    tf.tidy(() => {
      const path = samplingPath(process, { steps: 500, spacing: 'linspace' });
      const xT = key.normal<tf.Rank.R4>([1, 100, 100, 1], 0, path[0]!.sigma);
      let last = { mean: 0, std: 0 };
      for (const { xt, step, passes: made } of sampler({ denoise: gaussianOracle(gaussian), path, xT, key })) {
        if (step < 500) continue;
        last = momentsOf(xt);
        expect(made).toBe(500 * passes);
      }
      expect(Math.abs(last.mean - gaussian.mean)).toBeLessThan(0.03);
      expect(Math.abs(last.std - gaussian.std)).toBeLessThan(0.03);
    });
  });
});
