import { type AttackResult, type Pictures, type Predict, probabilities } from '@lab/adversarial';

/** What a classifier reads, and how sure it is. */
export interface Reading {
  readonly digit: number;
  readonly p: number;
}

/** Original + delta = adversarial, of one picture, as a classifier reads each. */
export interface Equation {
  readonly original: Reading;
  /** The true delta alone, around grey so that it is a picture. */
  readonly delta: Reading;
  readonly adversarial: Reading;
  /** The largest change of a pixel. */
  readonly epsilon: number;
}

/** Goodfellow et al. 2015, figure 1, of the first picture that the attack succeeded on. */
export async function pandaEquation(
  predict: Predict,
  originals: Pictures,
  { adversarial, perturbation, success, norms }: AttackResult,
): Promise<Equation> {
  const at = Math.max(0, success.indexOf(true));
  const grey = { ...perturbation, data: perturbation.data.map((value) => 0.5 + value) };
  const [original, delta, changed] = await Promise.all(
    [originals, grey, adversarial].map(async (pictures) => readingAt(await probabilities(predict, pictures), at)),
  );
  return { original: original!, delta: delta!, adversarial: changed!, epsilon: norms.lInf[at]! };
}

function readingAt({ data, shape }: Pictures, at: number): Reading {
  const row = data.subarray(at * shape[1]!, (at + 1) * shape[1]!);
  const p = Math.max(...row);
  return { digit: row.indexOf(p), p };
}
