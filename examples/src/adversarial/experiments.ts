import {
  type AttackResult,
  type Pictures,
  type Predict,
  bim,
  fgsm,
  meanPicture,
  miFgsm,
  noisePictures,
  optimizeInput,
  pgd,
  predictWith,
  targeted,
} from '@lab/adversarial';
import type { RandomKey, tf } from '@lab/core';
import { type LabelledImages, filterClasses } from '@lab/mnist-data';
import { type Likeness, likenessTo } from './likeness.ts';
import { nearestSuccesses } from './nearest.ts';
import { type Equation, pandaEquation } from './panda-equation.ts';
import { allOf, correctlyRead, firstFew } from './pictures.ts';
import { saliency } from './saliency.ts';
import { type Summary, summarise, traceOf } from './summary.ts';
import { type Untargeted, untargetedSweep } from './untargeted.ts';

/** The pair of the task: what is shown, and what it is to be taken for. */
export const [shown, wanted] = [4, 9];
export const budgets = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4];
const otherTargets = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((target) => target !== shown);

/** The same attacks on another classifier: how much of a figure is the classifier's. */
export interface Victim {
  readonly accuracy: number;
  readonly read: number;
  readonly sweep: Readonly<Record<string, readonly Summary[]>>;
  /** jasonicarter's setting, 5 steps of .04: from 4 to 9, from 2 to 6 as in the original, and from noise and zeros to 9. */
  readonly reference: Readonly<Record<string, Summary>>;
}

/** Everything the report shows. */
export interface Findings extends Victim {
  readonly fours: Pictures;
  /** Mean probability of the target, step by step. */
  readonly traces: Readonly<Record<string, readonly number[]>>;
  readonly targets: Readonly<Record<number, Summary>>;
  readonly untargeted: Untargeted;
  readonly minimal: Readonly<Record<string, Summary>>;
  /** How many pictures those were. */
  readonly minimalOf: number;
  readonly likeness: Readonly<Record<string, Likeness>>;
  readonly equation: Equation;
  readonly example: AttackResult;
  readonly noise: { readonly start: Pictures; readonly result: AttackResult };
  /** Means over all pictures, `[1, 28, 28, 1]` each. */
  readonly saliency: { readonly four: Pictures; readonly gradient: Pictures; readonly perturbation: Pictures };
  readonly others: Readonly<Record<string, Victim>>;
}

/** How much is done. */
export interface Extent {
  /** Pictures that are attacked at most; and by the attacks that look for the nearest success. */
  readonly limit: number;
  readonly nearest: number;
  readonly untargeted: number;
}

export interface Setup extends Extent {
  readonly key: RandomKey;
  readonly tell: (what: string) => void;
  /** Throws where a signal asked to stop. */
  readonly checkStop: () => void;
}

/** A classifier that is attacked, with how much of the test set it reads. */
export interface Classifier {
  readonly model: tf.LayersModel;
  readonly accuracy: number;
}

const steps = { epsilon: 0.2, steps: 5, stepSize: 0.04 };

/** Runs every experiment of the task; `others` are attacked too, with the quicker attacks. */
export async function experiment(
  { model, accuracy }: Classifier,
  second: tf.LayersModel,
  others: Readonly<Record<string, Classifier>>,
  test: LabelledImages,
  setup: Setup,
): Promise<Findings> {
  const { limit, nearest, key } = setup;
  const tell = (what: string) => {
    setup.checkStop();
    setup.tell(what);
  };
  const predict = predictWith(model);
  const fours = await correctlyRead(predict, test, shown, limit);
  tell(`${fours.shape[0]} pictures of a ${shown} that are read as one; each attack goes to ${wanted}`);
  const attacked = await attackVictim(predict, test, { ...setup, tell }, true);
  tell('other targets');
  const targets: Record<number, Summary> = {};
  for (const target of otherTargets) {
    targets[target] = summarise(await bim(predict, fours, toward(target, fours), { epsilon: 0.15 }));
  }
  tell('away from the label, on pictures of all digits');
  const untargeted = await untargetedSweep(predict, test, setup.untargeted, key.child('untargeted'));
  const some = firstFew(fours, nearest);
  const found = await nearestSuccesses(predict, some, wanted, tell);
  tell('likeness: structural similarity, features, and a second judge');
  const example = await bim(predict, fours, toward(wanted, fours), steps);
  const noise = await fromNoise(predict, fours.shape[0]!, key);
  const real = allOf(filterClasses(test, [wanted]));
  const measure = await likenessTo({ victim: model, second, real, target: wanted, shown });
  const likeness: Record<string, Likeness> = {
    [`${shown}s as they are`]: await measure(fours, fours),
    'FGSM at .2': await measure(
      fours,
      (await fgsm(predict, fours, toward(wanted, fours), { epsilon: 0.2 })).adversarial,
    ),
    'BIM at .2': await measure(fours, (await bim(predict, fours, toward(wanted, fours), { epsilon: 0.2 })).adversarial),
    '5 steps of .04': await measure(fours, example.adversarial),
    ...(await likenessOf(found, ['DeepFool', 'Carlini-Wagner'], (result) => measure(some, result.adversarial))),
    'noise, 50 steps': await measure(noise.start, noise.result.adversarial),
  };
  const rest: Record<string, Victim> = {};
  for (const [name, other] of Object.entries(others)) {
    tell(`${name}, attacked in the same way`);
    const victim = await attackVictim(predictWith(other.model), test, { ...setup, tell: setup.checkStop }, false);
    rest[name] = { ...victim.numbers, accuracy: other.accuracy };
  }
  const closest = found['Carlini-Wagner']!;
  return {
    ...attacked.numbers,
    accuracy,
    fours,
    traces: attacked.traces,
    targets,
    untargeted,
    minimal: Object.fromEntries(Object.entries(found).map(([name, result]) => [name, summarise(result)])),
    minimalOf: some.shape[0]!,
    likeness,
    equation: await pandaEquation(predict, fours, example),
    example,
    noise,
    saliency: {
      four: meanPicture(fours),
      gradient: meanPicture(await saliency(predict, fours, shown, wanted)),
      perturbation: meanPicture(closest.perturbation),
    },
    others: rest,
  };
}

/** The sweep and jasonicarter's setting on one classifier; all attacks of the sweep, or the two that tell most. */
async function attackVictim(predict: Predict, test: LabelledImages, { limit, key, tell }: Setup, isWhole: boolean) {
  const fours = await correctlyRead(predict, test, shown, limit);
  const goal = toward(wanted, fours);
  const attacks: Record<string, (epsilon: number) => Promise<AttackResult>> = {
    'FGSM, one step': (epsilon) => fgsm(predict, fours, goal, { epsilon }),
    'BIM, 10 steps': (epsilon) => bim(predict, fours, goal, { epsilon }),
    ...(isWhole && {
      'MI-FGSM, 10 steps': (epsilon: number) => miFgsm(predict, fours, goal, { epsilon }),
      'PGD, 40 steps, random start': (epsilon: number) => pgd(predict, fours, goal, { epsilon, key }),
    }),
  };
  const sweep: Record<string, Summary[]> = {};
  for (const [name, attack] of Object.entries(attacks)) {
    tell(name);
    sweep[name] = [];
    for (const epsilon of budgets) sweep[name].push(summarise(await attack(epsilon)));
  }
  tell('5 steps of .04, as jasonicarter');
  const results = await referenceResults(predict, test, fours, { limit, key });
  const numbers: Omit<Victim, 'accuracy'> = {
    read: fours.shape[0]!,
    sweep,
    reference: mapValues(results, summarise),
  };
  return { numbers, traces: mapValues(results, traceOf) };
}

async function referenceResults(
  predict: Predict,
  test: LabelledImages,
  fours: Pictures,
  { limit, key }: Pick<Setup, 'limit' | 'key'>,
): Promise<Record<string, AttackResult>> {
  const twos = await correctlyRead(predict, test, 2, limit);
  const { start, result } = await fromNoise(predict, fours.shape[0]!, key);
  const zeros = { data: new Float32Array(784), shape: [1, 28, 28, 1] };
  const five = { steps: 5, stepSize: 0.04 };
  return {
    '4 to 9': await bim(predict, fours, toward(wanted, fours), steps),
    '2 to 6': await bim(predict, twos, toward(6, twos), steps),
    'noise to 9': await optimizeInput(predict, start, toward(wanted, start).classes, five),
    'noise to 9, 50 steps': result,
    'zeros to 9': await optimizeInput(predict, zeros, [wanted], five),
    'zeros to 9, 50 steps': await optimizeInput(predict, zeros, [wanted], { ...five, steps: 50 }),
  };
}

async function fromNoise(predict: Predict, count: number, key: RandomKey): Promise<Findings['noise']> {
  const start = noisePictures(key.child('noise'), count, [28, 28, 1]);
  const result = await optimizeInput(predict, start, toward(wanted, start).classes, { steps: 50, stepSize: 0.04 });
  return { start, result };
}

async function likenessOf(
  found: Readonly<Record<string, AttackResult>>,
  names: readonly string[],
  measure: (result: AttackResult) => Promise<Likeness>,
): Promise<Record<string, Likeness>> {
  const rows: Record<string, Likeness> = {};
  for (const name of names) rows[name] = await measure(found[name]!);
  return rows;
}

function toward(target: number, pictures: Pictures) {
  return targeted(new Array<number>(pictures.shape[0]!).fill(target));
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
