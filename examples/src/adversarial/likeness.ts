import { type Pictures, meetsCriterion, predictWith, readFeatures, targeted } from '@lab/adversarial';
import type { tf } from '@lab/core';
import { nearestNeighbours, structuralSimilarity } from '@lab/metrics';
import { mean } from './summary.ts';

/** How like the original, and how like a real picture of the target, adversarial pictures are; means. */
export interface Likeness {
  /** Structural similarity to the pictures that the attack began with: 1 if nothing changed. */
  readonly similarity: number;
  /** Distance to the nearest real picture of the target, among the features of the victim, and of the second judge. */
  readonly toTarget: number;
  readonly toTargetBySecond: number;
  /** What the second judge makes of them, which the attack did not know. */
  readonly readAsTarget: number;
  readonly readAsShown: number;
}

/** What likeness is measured by. */
export interface LikenessSetting {
  readonly victim: tf.LayersModel;
  readonly second: tf.LayersModel;
  /** Real pictures of the target. */
  readonly real: Pictures;
  readonly target: number;
  readonly shown: number;
}

/** Reads the real pictures once. @returns The likeness of pictures that an attack made from others. */
export async function likenessTo({ victim, second, real, target, shown }: LikenessSetting) {
  const [known, knownBySecond] = [await readFeatures(victim, real), await readFeatures(second, real)];
  const distance = async (model: tf.LayersModel, pictures: Pictures, { features }: typeof known) =>
    mean([...(await nearestNeighbours((await readFeatures(model, pictures)).features, features)).distances])!;
  const readAs = async (pictures: Pictures, digit: number) => {
    const goal = targeted(new Array<number>(pictures.shape[0]!).fill(digit));
    return mean((await meetsCriterion(predictWith(second), pictures, goal)).map(Number))!;
  };
  return async (originals: Pictures, adversarial: Pictures): Promise<Likeness> => ({
    similarity: mean([...structuralSimilarity(originals, adversarial)])!,
    toTarget: await distance(victim, adversarial, known),
    toTargetBySecond: await distance(second, adversarial, knownBySecond),
    readAsTarget: await readAs(adversarial, target),
    readAsShown: await readAs(adversarial, shown),
  });
}
