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
