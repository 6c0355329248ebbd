import { RandomKey, adam } from '@lab/core';
import { losses, referenceMlp, trainStep } from '@lab/gan';
import type { Emit } from './messages.ts';

/** Times the step of gan-b128, as bench/src/engines/gan-ours.ts has it. */
export function open(_emit: Emit) {
  const key = RandomKey.fromSeed(0);
  const gan = referenceMlp(key.child('weights'));
  const real = key.child('real').uniform([128, 28, 28, 1]);
  const options = {
    loss: losses.logistic,
    dOptimizer: adam({ learningRate: 1e-3 }),
    gOptimizer: adam({ learningRate: 1e-3 }),
    metrics: false,
  } as const;
  const latents = key.child('latents');
  let count = 0;

  return {
    /** Makes so many steps; resolves with the milliseconds that they took. */
    async time(steps: number): Promise<number> {
      const started = performance.now();
      for (let i = 0; i < steps; i++) trainStep(gan, real, latents.child(count++), options);
      // On a GPU the steps are made when something that depends on them is asked for.
      await gan.generator.weights.at(-1)!.read().data();
      return performance.now() - started;
    },
  };
}

export type SpeedRoom = ReturnType<typeof open>;
