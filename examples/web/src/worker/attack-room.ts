import {
  type AttackResult,
  type Pictures,
  bim,
  fgsm,
  loadPretrained,
  noisePictures,
  optimizeInput,
  predictWith,
  probabilities,
  targeted,
  untargeted,
} from '@lab/adversarial';
import { RandomKey } from '@lab/core';
import type { Emit } from './messages.ts';
import { exampleDigit } from './mnist.ts';

/** How a digit is to be attacked. */
export interface AttackRequest {
  /** `[784]`, in [0, 1]. */
  readonly pixels: Float32Array;
  /** The class to be read as, or any but the present one. */
  readonly target: number | 'any';
  readonly method: 'bim' | 'fgsm';
  /** The most that a pixel may change, in (0, 1]. */
  readonly epsilon: number;
}

/** What came of it. */
export interface AttackView {
  readonly adversarial: Float32Array;
  readonly perturbation: Float32Array;
  readonly success: boolean;
  readonly stepsToSuccess: number | undefined;
  /** Probabilities of the ten classes. */
  readonly reading: Float32Array;
  /** The target's probability before the first step and after each; of the class itself without a target. */
  readonly confidence: Float32Array;
}

const shape = [1, 28, 28, 1];

/** Reads digits with the shipped classifier, and attacks it. */
export function open(emit: Emit) {
  const judge = loadPretrained().then(predictWith);
  const read = async (data: Float32Array) => (await probabilities(await judge, { data, shape })).data;

  return {
    ready: async () => void (await judge),
    read,
    async attack({ pixels, target, method, epsilon }: AttackRequest): Promise<AttackView> {
      const criterion = target === 'any' ? untargeted([argMax(await read(pixels))]) : targeted([target]);
      const attack = method === 'bim' ? bim : fgsm;
      return view(await attack(await judge, { data: pixels, shape }, criterion, { epsilon }), read);
    },
    /** From noise to something that is read as the class. */
    async fromNoise({ target, seed }: { target: number; seed: number }): Promise<AttackView & { start: Float32Array }> {
      const start: Pictures = noisePictures(RandomKey.fromSeed(seed).child('noise'), 1, [28, 28, 1]);
      const result = await optimizeInput(await judge, start, [target]);
      return { ...(await view(result, read)), start: start.data };
    },
    example: (request: { digit: number; seed: number }) => exampleDigit(request, emit),
  };
}

export type AttackRoom = ReturnType<typeof open>;

async function view(
  { adversarial, perturbation, success, stepsToSuccess, confidence }: AttackResult,
  read: (pixels: Float32Array) => Promise<Float32Array>,
): Promise<AttackView> {
  return {
    adversarial: adversarial.data,
    perturbation: perturbation.data,
    success: success[0]!,
    stepsToSuccess: stepsToSuccess[0],
    reading: await read(adversarial.data),
    confidence: confidence[0]!,
  };
}

function argMax(values: Float32Array): number {
  return values.indexOf(Math.max(...values));
}
