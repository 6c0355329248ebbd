import { RandomKey } from '@lab/core';
import { describeBackends, expectNoLeak } from '@lab/core/testing';
import { expect, it } from 'vitest';
import {
  type AttackResult,
  type Criterion,
  type Norm,
  bim,
  carliniWagner,
  deepfool,
  fgsm,
  miFgsm,
  pgd,
  predictWith,
  probabilities,
  targeted,
  untargeted,
} from '../src/index.ts';
import { goldenClassifier, goldenPictures } from './golden-network.ts';
import { readGolden } from './golden.ts';

interface Case {
  adversarial: number[][];
  readAs: number[];
}
type Cases = Partial<Record<Norm, Partial<Record<Criterion['kind'], Case>>>>;
interface Golden {
  labels: number[];
  targets: number[];
  attacks: Record<'fgsm' | 'iterated' | 'miFgsm' | 'deepfool' | 'carliniWagner', Cases>;
}

const golden = readGolden<Golden>('attacks.json');
const criteria = { untargeted: untargeted(golden.labels), targeted: targeted(golden.targets, golden.labels) };
const [epsilon, steps] = [0.15, 5];
const budget = (norm: Norm) => ({ norm, epsilon: norm === 'lInf' ? epsilon : 5 * epsilon });
const key = RandomKey.fromSeed(1);

type Attack = (norm: Norm, criterion: Criterion) => Promise<AttackResult>;

describeBackends(
  'an attack equals PyTorch in float64',
  () => {
    const pictures = goldenPictures(golden.labels.length);
    const predict = (images: Parameters<ReturnType<typeof predictWith>>[0]) => predictWith(model())(images);
    const attacks: [string, keyof Golden['attacks'], Attack][] = [
      ['fgsm', 'fgsm', (norm, goal) => fgsm(predict, pictures, goal, budget(norm))],
      ['bim', 'iterated', (norm, goal) => bim(predict, pictures, goal, { ...budget(norm), steps })],
      [
        'pgd without a random start',
        'iterated',
        (norm, goal) => pgd(predict, pictures, goal, { ...budget(norm), steps, key, randomStart: false }),
      ],
      ['miFgsm', 'miFgsm', (norm, goal) => miFgsm(predict, pictures, goal, { ...budget(norm), steps })],
      ['deepfool', 'deepfool', (_, goal) => deepfool(predict, pictures, goal)],
      [
        'carliniWagner',
        'carliniWagner',
        (_, goal) => carliniWagner(predict, pictures, goal, { steps: 60, searchSteps: 4, initialWeight: 1 }),
      ],
    ];
    let built: ReturnType<typeof goldenClassifier> | undefined;
    const model = () => (built ??= goldenClassifier('pooled'));

    const cases = attacks.flatMap(([name, file, attack]) =>
      (Object.keys(golden.attacks[file]) as Norm[]).flatMap((norm) =>
        (Object.keys(golden.attacks[file][norm]!) as Criterion['kind'][]).map(
          (kind) => [name, norm, kind, golden.attacks[file][norm]![kind]!, attack] as const,
        ),
      ),
    );

    it.each(cases)('%s, %s, %s', async (name, norm, kind, wanted, attack) => {
      model();
      await expectNoLeak(async () => {
        const { adversarial, success } = await attack(norm, criteria[kind]);
        const expected = wanted.adversarial.flat();
        const worst = Math.max(...expected.map((value, i) => Math.abs(adversarial.data[i]! - value)));
        // Adam makes a whole step of what is but rounding where the gradient is zero.
        expect(worst).toBeLessThan(name === 'carliniWagner' ? 1e-3 : 1e-5);
        const meets = wanted.readAs.map((read, i) =>
          kind === 'targeted' ? read === golden.targets[i] : read !== golden.labels[i],
        );
        expect(success).toEqual(meets);
        const { data } = await probabilities(predict, adversarial);
        const read = success.map((_, i) => data.subarray(i * 4, i * 4 + 4)).map((p) => p.indexOf(Math.max(...p)));
        expect(read).toEqual(wanted.readAs);
      });
    });
  },
  ['cpu', 'simd'],
);
