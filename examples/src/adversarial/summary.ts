import type { AttackResult } from '@lab/adversarial';

/** How an attack on many pictures went. */
export interface Summary {
  readonly success: number;
  /** Mean probability of the target, over all pictures. */
  readonly confidence: number;
  /** Means over the pictures that succeeded; null if none did. */
  readonly l2: number | null;
  readonly lInf: number | null;
  /** Steps until the target's probability passed one half, among those that did. */
  readonly stepsToHalf: number | null;
}

export function summarise({ success, norms, confidence }: AttackResult): Summary {
  const succeeded = [...success.keys()].filter((i) => success[i]);
  const halves = confidence.map((trace) => trace.findIndex((p) => p >= 0.5)).filter((step) => step >= 0);
  return {
    success: succeeded.length / success.length,
    confidence: mean(confidence.map((trace) => trace.at(-1)!))!,
    l2: mean(succeeded.map((i) => norms.l2[i]!)),
    lInf: mean(succeeded.map((i) => norms.lInf[i]!)),
    stepsToHalf: mean(halves),
  };
}

/** Mean probability of the target before the first step and after each. */
export function traceOf({ confidence }: AttackResult): number[] {
  return Array.from(confidence[0]!, (_, step) => mean(confidence.map((trace) => trace[step]!))!);
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
