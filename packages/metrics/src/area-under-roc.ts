import { ConfigError, requireNumber } from '@lab/core';

/**
 * The area under the receiver operating characteristic: how often a positive has a higher score than a negative, a tie counting
 * half. 1 where a threshold parts them, .5 for scores that tell nothing. (Hanley & McNeil 1982; Mann and Whitney's U over the
 * number of pairs.)
 *
 * @param negatives Scores of what should score low, in any order.
 * @param positives Of what should score high.
 * @throws ConfigError for no scores, or one that isn't finite.
 */
export function areaUnderRoc(negatives: ArrayLike<number>, positives: ArrayLike<number>): number {
  const [lower, higher] = [sorted('negatives', negatives), sorted('positives', positives)];
  let [below, upTo, twice] = [0, 0, 0];
  for (const score of higher) {
    while (below < lower.length && lower[below]! < score) below++;
    while (upTo < lower.length && lower[upTo]! <= score) upTo++;
    twice += below + upTo;
  }
  return twice / (2 * lower.length * higher.length);
}

function sorted(field: string, scores: ArrayLike<number>): Float64Array {
  if (scores.length === 0) throw new ConfigError({ field, value: scores, expected: 'one or more scores' });
  return Float64Array.from(scores, (score, i) => requireNumber(`${field}[${i}]`, score)).sort();
}
