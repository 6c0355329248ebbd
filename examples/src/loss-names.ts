import { type GanLoss, losses } from '@lab/gan';

/** The losses under the names that the command line has for them. */
const lossesByName = {
  minimax: losses.minimax,
  'minimax-stable': losses.minimaxLogits,
  'non-saturating': losses.nonSaturating,
  logistic: losses.logistic,
} as const satisfies Record<string, GanLoss>;

export type LossName = keyof typeof lossesByName;

export const lossNames = Object.keys(lossesByName) as readonly LossName[];

/** What G minimises, for help and reports; D's loss is the same in all four. */
export const lossFormulas: Readonly<Record<LossName, string>> = {
  minimax: 'mean log(1 - D(G(z))), from probabilities, as Goodfellow et al. wrote it',
  'minimax-stable': 'mean log(1 - D(G(z))), from logits, so that it stays finite',
  'non-saturating': '-mean log D(G(z)), from probabilities',
  logistic: '-mean log D(G(z)), from logits, so that it stays finite',
};

/** A loss under its name here, which errors then speak of. */
export function lossNamed(name: LossName): GanLoss {
  return { ...lossesByName[name], name };
}
