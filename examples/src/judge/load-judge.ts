import { loadPretrained } from '@lab/adversarial';
import { classifierJudge, type Judge } from './judge.ts';

/** The judge of all scores: the classifier of MNIST that comes with `@lab/adversarial`. */
export async function loadJudge(): Promise<Judge> {
  return classifierJudge(await loadPretrained());
}
