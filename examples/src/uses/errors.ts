import type { Images } from '@lab/viz';

/** Root of the mean squared difference, where `counts` says so (1) or everywhere; pictures of one shape. */
export function rootMeanSquare(a: Images, b: Images, counts?: ArrayLike<number>): number {
  let sum = 0;
  let counted = 0;
  for (let i = 0; i < a.data.length; i++) {
    const weight = counts?.[i % counts.length] ?? 1;
    sum += weight * (a.data[i]! - b.data[i]!) ** 2;
    counted += weight;
  }
  return Math.sqrt(sum / counted);
}

/** Peak signal-to-noise ratio of pictures in [0, 1], in decibels: of the mean squared error over all of them. */
export function peakSignalToNoise(a: Images, b: Images): number {
  return -20 * Math.log10(rootMeanSquare(a, b));
}

/**
 * The area under the receiver operating characteristic: the chance that an odd one has a higher score than a usual one, where
 * equal scores count half (Hanley & McNeil 1982).
 */
export function areaUnderRoc(usual: ArrayLike<number>, odd: ArrayLike<number>): number {
  const scores = [
    ...Array.from(usual, (score) => ({ score, isOdd: false })),
    ...Array.from(odd, (score) => ({ score, isOdd: true })),
  ].sort((a, b) => a.score - b.score);
  let below = 0;
  let wins = 0;
  for (let from = 0; from < scores.length;) {
    let to = from;
    while (to < scores.length && scores[to]!.score === scores[from]!.score) to += 1;
    const equal = scores.slice(from, to);
    const oddOnes = equal.filter(({ isOdd }) => isOdd).length;
    wins += oddOnes * (below + (equal.length - oddOnes) / 2);
    below += equal.length - oddOnes;
    from = to;
  }
  return wins / (usual.length * odd.length);
}
