/** What happens at which step of a run: a pure function of the configuration, so that a resumed run keeps to it. */
export interface Schedule {
  isReading(step: number): boolean;
  isSnapshot(step: number): boolean;
  isFrame(step: number): boolean;
  isCheckpoint(step: number): boolean;
}

export interface ScheduleOptions {
  readonly steps: number;
  readonly metricsEvery: number;
  readonly checkpointEvery: number;
  /** Steps, rising, the last one included. */
  readonly snapshots: readonly number[];
  readonly frames: number;
}

export function schedule({ steps, metricsEvery, checkpointEvery, snapshots, frames }: ScheduleOptions): Schedule {
  const shown = new Set(snapshots);
  const filmed = new Set(frameSteps(steps, metricsEvery, frames));
  return {
    isReading: (step) => step === steps || (step > 0 && step % metricsEvery === 0),
    isSnapshot: (step) => shown.has(step),
    isFrame: (step) => filmed.has(step),
    isCheckpoint: (step) => step === steps || shown.has(step) || step % checkpointEvery === 0,
  };
}

/** At most `count` steps from 0 to `steps`, evenly spaced on a logarithmic scale, on multiples of `every`. */
export function frameSteps(steps: number, every: number, count: number): number[] {
  const spaced = Array.from({ length: count - 1 }, (_, i) => {
    const exact = every * (steps / every) ** (i / (count - 2));
    return Math.round(exact / every) * every;
  });
  return [...new Set([0, ...spaced.filter((step) => step > 0 && step < steps), steps])];
}
