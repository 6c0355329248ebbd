import { describe, expect, it } from 'vitest';
import { type Preset, presetNames, presets } from '../src/presets.ts';
import { frameSteps, schedule } from '../src/run/schedule.ts';

describe('frameSteps', () => {
  it('spaces frames evenly on a logarithmic scale, from 0 to the end', () => {
    expect(frameSteps(10_000, 10, 5)).toEqual([0, 10, 100, 1000, 10_000]);
  });

  it('keeps to the readings, each once', () => {
    const steps = frameSteps(997, 25, 40);
    expect(steps.slice(0, -1).every((step) => step % 25 === 0)).toBe(true);
    expect(steps.at(-1)).toBe(997);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  });

  it('takes runs that are shorter than a reading', () => {
    expect(frameSteps(3, 25, 40)).toEqual([0, 3]);
    expect(frameSteps(1, 1, 4)).toEqual([0, 1]);
  });
});

describe('schedule', () => {
  const due = schedule({ steps: 101, metricsEvery: 10, checkpointEvery: 50, snapshots: [20, 101], frames: 4 });

  it('saves every so often, at snapshots and at the end', () => {
    const saved = Array.from({ length: 101 }, (_, i) => i + 1).filter(due.isCheckpoint);
    expect(saved).toEqual([20, 50, 100, 101]);
  });

  it('reads at the end, too', () => {
    expect([0, 9, 10, 101].map(due.isReading)).toEqual([false, false, true, true]);
  });
});

describe.each(presetNames)('preset %s', (name) => {
  it('does everything at a step whose metrics are read', () => {
    const preset: Preset = presets[name];
    const { metricsEvery, steps, checkpointEvery, snapshots } = preset;
    for (const step of [steps, checkpointEvery, ...snapshots]) expect(step % metricsEvery).toBe(0);
    expect(snapshots).toEqual([...snapshots].sort((a, b) => a - b));
    expect(snapshots.every((step) => step < steps)).toBe(true);
  });
});
