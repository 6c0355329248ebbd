import { conditionalAccuracy, confusion } from '@lab/metrics';
import type { Images } from '@lab/viz';
import type { Judge } from './judge.ts';

/** The share of pictures in [0, 1] that the judge reads as the given labels. */
export async function readAs(judge: Judge, images: Images, labels: readonly number[]): Promise<number> {
  const { probabilities } = await judge({ data: Float32Array.from(images.data), shape: images.shape });
  return conditionalAccuracy(confusion(labels, probabilities)).accuracy;
}
