import { ConfigError, RandomKey, tf } from '@lab/core';
import { expectNoLeak, expectTensorsClose } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import {
  type Churn,
  clean,
  ddim,
  ddimStep,
  ddpm,
  ddpmStep,
  dpmSolver,
  dpmSolverStep,
  heun,
  namedSampler,
  type NoiseLevel,
  noiseSchedule,
  type Sampler,
  samplers,
  samplingPath,
  scheduleOf,
  type Spacing,
  targets,
  toTheEnd,
  transitionVariance,
  variancePreserving,
} from '../src/index.ts';
import { predictionOf } from '../src/process/prediction.ts';
import { gaussianOracle, momentsOf } from './gaussian-oracle.ts';
import { readGolden } from './golden.ts';
import { goldenTensor } from './golden-noise.ts';
import { onSimd } from './on-simd.ts';

onSimd();

interface Golden {
  readonly ddpm: { t: number; s: number; variance: 'posterior' | 'transition'; xs: number[] }[];
  readonly ddim: { t: number; s: number; eta: number; xs: number[] }[];
  readonly eulerAncestral: { t: number; s: number; xs: number[] }[];
  readonly dpmSolver: { r: number | null; t: number; s: number; eta: number; xs: number[] }[];
  readonly heun: { ts: number[]; mean: number; std: number; xs: number[] }[];
}

const golden = readGolden<Golden>('samplers.json');
const linear = variancePreserving({ schedule: noiseSchedule({ kind: 'linear' }) });
const key = RandomKey.fromSeed(21);
const levelOf = (t: number) => (t < 0 ? clean : linear.levelAt(t));
const close = { absolute: 2e-6, relative: 2e-5 };

/** What the golden script has: pictures, what they are taken for, in the step before too, and noise. */
function given() {
  const [xt, x0, x0Before, noise] = [1, 2, 3, 4].map((stream) => goldenTensor([1, 2, 3, 1], stream) as tf.Tensor4D);
  return { xt: xt!, x0: x0!, x0Before: x0Before!, noise: noise! };
}

describe('one step, against NumPy in the letters of the papers', () => {
  it.each(golden.ddpm)('of ddpm from $t to $s, $variance variance', ({ t, s, variance, xs }) => {
    tf.tidy(() => {
      const [from, to] = [levelOf(t), levelOf(s)];
      const size = s < 0 ? 0 : variance === 'posterior' ? undefined : transitionVariance(from, to);
      expectTensorsClose(ddpmStep(given(), { from, to }, size), xs, close);
    });
  });

  it.each(golden.ddim)('of ddim from $t to $s, eta $eta', ({ t, s, eta, xs }) => {
    tf.tidy(() => {
      const { xt, x0, noise } = given();
      const [from, to] = [levelOf(t), levelOf(s)];
      const prediction = predictionOf(xt, x0, from, targets.x0());
      expectTensorsClose(ddimStep(prediction, { from, to }, { eta, noise }), xs, close);
    });
  });

  it.each(golden.eulerAncestral)('of eulerAncestral from $t to $s', ({ t, s, xs }) => {
    tf.tidy(() => {
      const { xt, x0, noise } = given();
      const [from, to] = [levelOf(t), levelOf(s)];
      const prediction = predictionOf(xt, x0, from, targets.x0());
      expectTensorsClose(ddimStep(prediction, { from, to }, { eta: 1, noise }), xs, close);
    });
  });

  it.each(golden.dpmSolver)('of dpmSolver from $t to $s, after $r, eta $eta', ({ r, t, s, eta, xs }) => {
    tf.tidy(() => {
      const stretch = { from: levelOf(t), to: levelOf(s), before: r === null ? undefined : levelOf(r) };
      expectTensorsClose(dpmSolverStep(given(), stretch, eta), xs, close);
    });
  });

  it.each(golden.heun)('of heun through $ts', ({ ts, xs, ...gaussian }) => {
    tf.tidy(() => {
      const path = ts.map(levelOf);
      const found = toTheEnd(heun()({ denoise: gaussianOracle(gaussian), path, xT: given().xt, key }));
      expectTensorsClose(found, xs, close);
    });
  });
});

describe('samplers that are the same', () => {
  it('ddim with eta 1 is ddpm, and so is the SDE of first order', () => {
    tf.tidy(() => {
      const start = {
        denoise: gaussianOracle({ mean: 0.3, std: 0.5 }),
        path: samplingPath(linear, { steps: 7 }),
        xT: given().xt,
        key,
      };
      const expected = toTheEnd(ddpm()(start));
      expectTensorsClose(toTheEnd(ddim({ eta: 1 })(start)), expected, close);
      expectTensorsClose(toTheEnd(dpmSolver({ eta: 1, order: 1 })(start)), expected, close);
    });
  });

  it('ddim is dpmSolver of first order', () => {
    tf.tidy(() => {
      const denoise = gaussianOracle({ mean: 0.3, std: 0.5 });
      const start = { denoise, path: samplingPath(linear, { steps: 5 }), xT: given().xt, key };
      expectTensorsClose(toTheEnd(dpmSolver({ order: 1 })(start)), toTheEnd(ddim()(start)), close);
    });
  });
});

const gaussian = { mean: 0.3, std: 0.5 };
const all: [string, Sampler][] = [
  ...(Object.entries(samplers) as [string, Sampler][]),
  ['ddpm, transition variance', ddpm({ variance: 'transition' })],
  ['ddim, eta .5', ddim({ eta: 0.5 })],
  ['heun with churn', heun({ churn: { formulation: linear, amount: 20, to: 50 } })],
];

describe('with an oracle on normal pixels', () => {
  it.each(all)('%s recovers their distribution', (_, sampler) => {
    expectNoLeak(() => {
      tf.tidy(() => {
        const path = samplingPath(linear, { steps: 500 });
        const xT = key.child('start').normal<tf.Rank.R4>([1, 160, 160, 1]);
        const { mean, std } = momentsOf(toTheEnd(sampler({ denoise: gaussianOracle(gaussian), path, xT, key })));
        // Four standard errors of 25,600 pixels are .0125 and .009; what is left is for the 500 steps.
        expect(Math.abs(mean - gaussian.mean)).toBeLessThan(0.015);
        expect(Math.abs(std - gaussian.std)).toBeLessThan(0.015);
      });
    });
  });

  /** The ODE takes every pixel to the same quantile. */
  const exactly = (xT: tf.Tensor4D, { alpha, sigma }: NoiseLevel) =>
    tf.add(
      gaussian.mean,
      tf.mul(tf.sub(xT, alpha * gaussian.mean), gaussian.std / Math.hypot(alpha * gaussian.std, sigma)),
    );

  const errorOf = (sampler: Sampler, steps: number, spacing: Spacing) =>
    tf.tidy(() => {
      const path = samplingPath(linear, { steps, spacing });
      const { xt: xT } = given();
      const found = toTheEnd(sampler({ denoise: gaussianOracle(gaussian), path, xT, key }));
      return tf.max(tf.abs(tf.sub(found, exactly(xT, path[0]!)))).dataSync()[0]!;
    });

  it.each<[string, Sampler, number]>([
    ['ddim', ddim(), 2],
    ['dpmSolver', dpmSolver(), 3],
    ['heun', heun(), 3],
  ])('%s follows the ODE, with an error of its order', (_, sampler, gain) => {
    const [coarse, fine] = [errorOf(sampler, 20, 'karras'), errorOf(sampler, 80, 'karras')];
    expect(coarse).toBeLessThan(0.1);
    // Four times the steps: an error of first order is a quarter, of second order a sixteenth.
    expect(fine).toBeLessThan(coarse / gain);
  });

  it.each(all.map(([name, sampler]) => [name, sampler] as const))('%s makes 1 step, and T', (name, sampler) => {
    const few = variancePreserving({ schedule: noiseSchedule({ timesteps: 30 }) });
    const churned = name === 'heun with churn' ? heun({ churn: { formulation: few, amount: 5 } }) : sampler;
    tf.tidy(() => {
      const { xt: xT } = given();
      const denoise = gaussianOracle(gaussian);
      const [one, ...none] = samplingPath(few, { steps: 1 });
      expect(one!.t).toBe(29);
      expect(none).toEqual([clean]);
      const xOne = toTheEnd(sampler({ denoise, path: [one!, clean], xT, key }));
      if (name !== 'heun with churn') expectTensorsClose(xOne, denoise(xT, one!).x0, close);

      const whole = samplingPath(few, { steps: 30 });
      expect(whole.map(({ t }) => t)).toEqual([...Array.from({ length: 30 }, (_, i) => 29 - i), NaN]);
      const states = [];
      for (const { step, level, xt, x0, passes } of churned({ denoise, path: whole, xT, key })) {
        states.push({ step, t: level.t, passes });
        expect(xt.dataSync().every(Number.isFinite)).toBe(true);
        // The last step ends at what the pictures are taken for: no noise is left on them.
        if (step === 30 && !name.startsWith('heun')) expectTensorsClose(xt, x0!, close);
      }
      expect(states.map(({ step }) => step)).toEqual(Array.from({ length: 31 }, (_, i) => i));
      expect(states.at(-1)!.passes).toBe(name.startsWith('heun') ? 59 : 30);
    });
  });

  it.each(['ddpm', 'ddim', 'eulerAncestral', 'dpmSolver', 'dpmSolverSde'] as const)(
    '%s starts where nothing is left of the picture',
    (name) => {
      const schedule = noiseSchedule({ kind: 'linear', zeroTerminalSnr: true });
      const formulation = variancePreserving({ schedule, prediction: 'v' });
      tf.tidy(() => {
        const path = samplingPath(formulation, { steps: 250 });
        expect(path[0]!.alpha).toBe(0);
        const xT = key.normal<tf.Rank.R4>([1, 100, 100, 1]);
        const start = { denoise: gaussianOracle(gaussian), path, xT, key };
        const { mean, std } = momentsOf(toTheEnd(samplers[name](start)));
        expect(Math.abs(mean - gaussian.mean)).toBeLessThan(0.03);
        expect(Math.abs(std - gaussian.std)).toBeLessThan(0.03);
        expect(() => toTheEnd(heun()(start))).toThrow(/The first level's alpha must be above 0 for heun/);
      });
    },
  );
});

describe('a sampler', () => {
  it('disposes of its tensors when it is left halfway', () => {
    expectNoLeak(() => {
      const { xt: xT, x0, x0Before, noise } = given();
      const path = samplingPath(linear, { steps: 10 });
      for (const { step } of ddpm()({ denoise: gaussianOracle(gaussian), path, xT, key })) if (step === 3) break;
      expect(xT.isDisposed).toBe(false);
      tf.dispose([xT, x0, x0Before, noise]);
    });
  });

  it('is found by its name, or the nearest is asked for', () => {
    expect(namedSampler('heun')).toBe(samplers.heun);
    expect(() => namedSampler('ddmi')).toThrow(/Did you mean 'ddim'/);
  });

  it('heun with churn does not go past the last level with something of the picture left', () => {
    const schedule = noiseSchedule({ timesteps: 50, zeroTerminalSnr: true });
    const formulation = variancePreserving({ schedule, prediction: 'v' });
    const path = samplingPath(formulation, { steps: 5, spacing: 'karras' });
    const sampler = heun({ churn: { formulation, amount: 5 } });
    tf.tidy(() => {
      const xT = key.normal<tf.Rank.R4>([1, 4, 4, 1]);
      const x0 = toTheEnd(sampler({ denoise: gaussianOracle({ mean: 0, std: 1 }), path, xT, key }));
      expect([...x0.dataSync()].every(Number.isFinite)).toBe(true);
    });
  });

  it('leaves no tensor behind on the way to an end that throws', () => {
    expectNoLeak(() => {
      const xT = tf.zeros<tf.Rank.R4>([1, 2, 2, 1]);
      const denoise = () => {
        throw new Error('no idea');
      };
      expect(() => toTheEnd(ddim()({ denoise, path: samplingPath(linear, { steps: 2 }), xT, key }))).toThrow('no idea');
      xT.dispose();
    });
  });

  it.each([
    [() => ddim({ eta: 1.1 }), /eta/],
    [() => ddpm({ variance: 'large' as 'posterior' }), /variance/],
    [() => dpmSolver({ order: 3 as 2 }), /order/],
    [() => dpmSolver({ eta: -1 }), /eta/],
    [() => heun({ churn: { formulation: linear, amount: -1 } }), /churn.amount/],
    [() => heun({ churn: { formulation: linear, amount: 1, scale: -1 } }), /churn.scale/],
    [() => heun({ churn: { formulation: linear, amount: 1, from: NaN } }), /churn.from/],
    [() => heun({ churn: { formulation: linear, amount: 1, scal: 1 } as Churn }), /Did you mean 'scale'/],
    [() => scheduleOf([0.5]), /number of betas must be an integer at least 2, not 1/],
  ])('refuses what is out of range: %#', (make, message) => {
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });
});
