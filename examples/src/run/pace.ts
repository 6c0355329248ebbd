/** How quickly a run goes, over the last few seconds, so that a pause or a slow start is soon forgotten. */
export interface Pace {
  /** Takes note of the step just made; gives steps a second, 0 until there are two readings. */
  update(step: number): number;
}

const windowMs = 10_000;

export function startPace(firstStep: number): Pace {
  const readings = [{ step: firstStep, at: performance.now() }];
  return {
    update: (step) => {
      const at = performance.now();
      readings.push({ step, at });
      while (readings.length > 2 && at - readings[0]!.at > windowMs) readings.shift();
      const first = readings[0]!;
      return at > first.at ? (1000 * (step - first.step)) / (at - first.at) : 0;
    },
  };
}
