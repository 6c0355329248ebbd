import {
  type AttackResult,
  type Pictures,
  type Predict,
  bim,
  carliniWagner,
  deepfool,
  fgsm,
  minimal,
  targeted,
} from '@lab/adversarial';

/** The attacks that look for the nearest success in L2, all aimed at one class. */
export async function nearestSuccesses(
  predict: Predict,
  pictures: Pictures,
  target: number,
  tell: (what: string) => void,
): Promise<Record<string, AttackResult>> {
  const goal = targeted(new Array<number>(pictures.shape[0]!).fill(target));
  const search = { norm: 'l2', epsilonMax: 10, bisections: 7 } as const;
  const attacks = {
    'FGSM, smallest epsilon': () => minimal(fgsm)(predict, pictures, goal, search),
    'PGD without random start, smallest epsilon': () => minimal(bim)(predict, pictures, goal, search),
    DeepFool: () => deepfool(predict, pictures, goal),
    'Carlini-Wagner': () =>
      carliniWagner(predict, pictures, goal, { steps: 120, searchSteps: 6, initialWeight: 1, learningRate: 0.1 }),
  };
  const found: Record<string, AttackResult> = {};
  for (const [name, attack] of Object.entries(attacks)) {
    tell(`${name}, L2`);
    found[name] = await attack();
  }
  return found;
}
