import type { SampleOptions } from '@lab/diffusion';

/** How the shipped model draws best within 50 passes: examples/results/diffusion.md has what else was tried. */
export const shippedSampling = { sampler: 'dpmSolver', steps: 12, guidance: 1.75 } as const satisfies SampleOptions;

/** As quick as can be, for what only shows that everything works: a single pass. */
export const singlePass = { sampler: 'dpmSolver', steps: 1, guidance: 1 } as const satisfies SampleOptions;

/** Passes of the network for a picture: guidance takes two an evaluation, and Heun two evaluations a step but the last. */
export function passesOf({ sampler, steps = 50, guidance = 1 }: SampleOptions): number {
  const evaluations = sampler === 'heun' ? 2 * steps - 1 : steps;
  return guidance === 0 || guidance === 1 ? evaluations : 2 * evaluations;
}

/** The most steps that take no more than so many passes, at least 1. */
export function stepsWithin(
  passes: number,
  { sampler, guidance }: Pick<SampleOptions, 'sampler' | 'guidance'>,
): number {
  const fits = (steps: number) => passesOf({ sampler, guidance, steps } as SampleOptions) <= passes;
  let steps = 1;
  while (fits(steps + 1)) steps += 1;
  return steps;
}
