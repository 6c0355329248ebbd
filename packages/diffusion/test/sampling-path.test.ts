import { ConfigError } from '@lab/core';
import { describe, expect, it } from 'vitest';
import {
  edm,
  noiseSchedule,
  noiseToSignal,
  samplingPath,
  type Spacing,
  varianceExploding,
  variancePreserving,
} from '../src/index.ts';

describe('the timesteps of a path', () => {
  const times = (spacing: Spacing, steps: number, timesteps = 1000) => {
    const formulation = variancePreserving({ schedule: noiseSchedule({ timesteps }) });
    return samplingPath(formulation, { spacing, steps }).map(({ t }) => t);
  };

  it.each<[Spacing, number, number[]]>([
    // Lin et al. 2024, table 2, for 10 steps of 1000, counted from 0.
    ['leading', 10, [900, 800, 700, 600, 500, 400, 300, 200, 100, 0]],
    ['linspace', 10, [999, 888, 777, 666, 555, 444, 333, 222, 111, 0]],
    ['trailing', 10, [999, 899, 799, 699, 599, 499, 399, 299, 199, 99]],
    ['trailing', 3, [999, 666, 332]],
    ['linspace', 1, [999]],
    ['trailing', 1, [999]],
    ['leading', 2, [500, 0]],
  ])('%s, %i steps', (spacing, steps, expected) => {
    expect(times(spacing, steps)).toEqual([...expected, NaN]);
  });

  it.each<Spacing>(['leading', 'linspace', 'trailing', 'karras'])('%s: all steps there are', (spacing) => {
    const found = times(spacing, 40, 40);
    expect(found).toHaveLength(41);
    expect(found.every((t, i) => i === 0 || i === 40 || t < found[i - 1]!)).toBe(true);
    if (spacing !== 'karras') expect(found[0]).toBe(39);
    expect(found[39]).toBeCloseTo(0, 6);
  });

  it('karras: equally spaced in the seventh root, between timesteps, more of them than there are timesteps too', () => {
    const formulation = variancePreserving({ schedule: noiseSchedule({ kind: 'linear', timesteps: 30 }) });
    const roots = samplingPath(formulation, { steps: 50, spacing: 'karras' })
      .slice(0, -1)
      .map((level) => noiseToSignal(level) ** (1 / 7));
    const stride = roots[0]! - roots[1]!;
    roots.slice(1).forEach((root, i) => expect(roots[i]! - root).toBeCloseTo(stride, 9));
    expect(roots[0]! ** 7).toBeCloseTo(80, 6);
    expect(roots.at(-1)! ** 7).toBeCloseTo(noiseToSignal(formulation.levelAt(0)), 9);
  });

  it('karras: begins at 80 where the process goes further, to nothing but noise too', () => {
    for (const zeroTerminalSnr of [false, true]) {
      const formulation = variancePreserving({ schedule: noiseSchedule({ zeroTerminalSnr }), prediction: 'v' });
      const [first] = samplingPath(formulation, { steps: 5, spacing: 'karras' });
      expect(noiseToSignal(first!)).toBeCloseTo(80, 9);
    }
  });

  it('karras: begins where a short process has its last level with something of the picture left', () => {
    const schedule = noiseSchedule({ timesteps: 50, zeroTerminalSnr: true });
    const formulation = variancePreserving({ schedule, prediction: 'v' });
    const [first] = samplingPath(formulation, { steps: 5, spacing: 'karras' });
    expect(noiseToSignal(first!)).toBeCloseTo(noiseToSignal(formulation.levelAt(48)), 9);
  });

  it('karras: begins at the last level where time is continuous, wherever that is', () => {
    const first = (formulation: Parameters<typeof samplingPath>[0]) =>
      samplingPath(formulation, { steps: 5 })[0]!.sigma;
    expect(first(edm({ sigmaMax: 200 }))).toBeCloseTo(200, 9);
    const exploding = varianceExploding({ sigma: 500 });
    expect(first(exploding)).toBeCloseTo(exploding.levelAt(1).sigma, 9);
    expect(samplingPath(exploding, { steps: 5, mostNoise: 80 })[0]!.sigma).toBeCloseTo(80, 9);
  });

  it.each([
    [() => times('trailing', 41, 40), /steps must be at most 40, the number of timesteps, not 41/],
    [() => times('leading', 1), /steps must be at least 2 with leading spacing/],
    [() => times('trailing', 0), /steps must be an integer at least 1/],
    [() => times('trailling' as Spacing, 5), /Did you mean 'trailing'/],
  ])('refuse what is out of range: %#', (make, message) => {
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });
});
