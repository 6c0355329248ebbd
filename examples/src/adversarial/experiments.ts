import {
  type AttackResult,
  type Pictures,
  type Predict,
  bim,
  carliniWagner,
  deepfool,
  evaluate,
  fgsm,
  miFgsm,
  minimal,
  noisePictures,
  optimizeInput,
  pgd,
  targeted,
} from '@lab/adversarial';
import type { RandomKey } from '@lab/core';
import { type LabelledImages, filterClasses, orderedBatches, subset } from '@lab/mnist-data';

/** The pair of the task: what is shown, and what it is to be taken for. */
export const [shown, wanted] = [4, 9];
export const budgets = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4];
const otherTargets = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((target) => target !== shown);

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

/** Everything the report shows. */
export interface Findings {
  readonly read: number;
  readonly fours: Pictures;
  readonly sweep: Readonly<Record<string, readonly Summary[]>>;
  /** jasonicarter's setting, 5 steps of .04: from 4 to 9, from 2 to 6 as in the original, and from noise and zeros to 9. */
  readonly reference: Readonly<Record<string, Summary>>;
  readonly targets: Readonly<Record<number, Summary>>;
  readonly minimal: Readonly<Record<string, Summary>>;
  readonly example: AttackResult;
  readonly noise: { readonly start: Pictures; readonly result: AttackResult };
}

/** Pictures of one class that are read correctly, at most `limit`. */
export async function correctlyRead(
  predict: Predict,
  images: LabelledImages,
  label: number,
  limit: number,
): Promise<Pictures> {
  const all = filterClasses(images, [label]);
  const some = subset(
    all,
    Uint32Array.from({ length: Math.min(all.count, limit) }, (_, i) => i),
  );
  const [batch] = orderedBatches(some, { batchSize: some.count });
  const { predictions } = await evaluate(predict, batch!);
  const right = subset(
    some,
    [...predictions.keys()].filter((i) => predictions[i] === label),
  );
  const [pictures] = orderedBatches(right, { batchSize: right.count });
  return { data: pictures!.data, shape: pictures!.shape };
}

/** Runs every experiment of the task; `tell` hears what is being done. */
export async function experiment(
  predict: Predict,
  test: LabelledImages,
  { limit, key, tell }: { limit: number; key: RandomKey; tell: (what: string) => void },
): Promise<Findings> {
  const fours = await correctlyRead(predict, test, shown, limit);
  const count = fours.shape[0]!;
  const toward = (target: number, pictures = fours) => targeted(new Array<number>(pictures.shape[0]!).fill(target));
  tell(`${count} pictures of a ${shown} that are read as one; each attack goes to ${wanted}`);

  const attacks = {
    'FGSM, one step': (epsilon: number) => fgsm(predict, fours, toward(wanted), { epsilon }),
    'BIM, 10 steps': (epsilon: number) => bim(predict, fours, toward(wanted), { epsilon }),
    'MI-FGSM, 10 steps': (epsilon: number) => miFgsm(predict, fours, toward(wanted), { epsilon }),
    'PGD, 40 steps, random start': (epsilon: number) => pgd(predict, fours, toward(wanted), { epsilon, key }),
  };
  const sweep: Record<string, Summary[]> = {};
  for (const [name, attack] of Object.entries(attacks)) {
    tell(name);
    sweep[name] = [];
    for (const epsilon of budgets) sweep[name].push(summarise(await attack(epsilon)));
  }

  tell('5 steps of .04, as jasonicarter');
  const steps = { epsilon: 0.2, steps: 5, stepSize: 0.04 };
  const example = await bim(predict, fours, toward(wanted), steps);
  const twos = await correctlyRead(predict, test, 2, limit);
  const start = noisePictures(key.child('noise'), count, [28, 28, 1]);
  const five = { steps: 5, stepSize: 0.04 };
  const fifty = { ...five, steps: 50 };
  const toNine = toward(wanted, start).classes;
  const noise = await optimizeInput(predict, start, toNine, fifty);
  const zeros = { data: new Float32Array(784), shape: [1, 28, 28, 1] };
  const reference = {
    '4 to 9': summarise(example),
    '2 to 6': summarise(await bim(predict, twos, toward(6, twos), steps)),
    'noise to 9': summarise(await optimizeInput(predict, start, toNine, five)),
    'noise to 9, 50 steps': summarise(noise),
    'zeros to 9': summarise(await optimizeInput(predict, zeros, [wanted], five)),
    'zeros to 9, 50 steps': summarise(await optimizeInput(predict, zeros, [wanted], fifty)),
  };

  tell('other targets');
  const targets: Record<number, Summary> = {};
  for (const target of otherTargets) {
    targets[target] = summarise(await bim(predict, fours, toward(target), { epsilon: 0.15 }));
  }
  return {
    read: count,
    fours,
    sweep,
    reference,
    targets,
    minimal: await nearest(predict, fours, tell),
    example,
    noise: { start, result: noise },
  };
}

/** The attacks that look for the nearest success, on the first hundred pictures. */
async function nearest(predict: Predict, fours: Pictures, tell: (what: string) => void) {
  const count = Math.min(100, fours.shape[0]!);
  const some = { data: fours.data.subarray(0, count * 784), shape: [count, 28, 28, 1] };
  const goal = targeted(new Array<number>(count).fill(wanted));
  const search = { norm: 'l2', epsilonMax: 10, bisections: 7 } as const;
  const found: Record<string, Summary> = {};
  const attacks = {
    'FGSM, smallest epsilon': () => minimal(fgsm)(predict, some, goal, search),
    'PGD without random start, smallest epsilon': () => minimal(bim)(predict, some, goal, search),
    DeepFool: () => deepfool(predict, some, goal),
    'Carlini-Wagner': () =>
      carliniWagner(predict, some, goal, { steps: 200, searchSteps: 6, initialWeight: 1, learningRate: 0.1 }),
  };
  for (const [name, attack] of Object.entries(attacks)) {
    tell(`${name}, L2`);
    found[name] = summarise(await attack());
  }
  return found;
}

function summarise({ success, norms, confidence }: AttackResult): Summary {
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

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
