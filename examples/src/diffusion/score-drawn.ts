import type { RandomKey, tf } from '@lab/core';
import { type Scores, scoreSamples } from '@lab/metrics';
import type { PixelRange } from '@lab/mnist-data';
import type { Images } from '@lab/viz';
import type { Judge, Judged } from '../judge/judge.ts';
import { scoringKey } from '../judge/real-pictures.ts';
import { hostPictures } from '../run/host-pictures.ts';

/** Draws pictures of the wanted digits, `[labels.length, 28, 28, 1]`; the caller disposes of them. */
export type Draw = (key: RandomKey, labels: readonly number[]) => tf.Tensor4D;

/** Scores of drawn pictures, and what a picture took. */
export interface DrawnScores {
  readonly scores: Scores;
  readonly millisecondsAPicture: number;
  /** The pictures, in [0, 1]. */
  readonly images: Images;
}

/** Pictures that are drawn at a time. */
const batchSize = 250;

/** Draws `count` pictures, the ten digits in turn, and has them judged against `reference`. */
export async function scoreDrawn(
  draw: Draw,
  { judge, reference }: { readonly judge: Judge; readonly reference: Judged },
  { key, count, range }: { readonly key: RandomKey; readonly count: number; readonly range: PixelRange },
): Promise<DrawnScores> {
  const asked = Array.from({ length: count }, (_, i) => i % 10);
  const images = { data: new Float32Array(count * 784), shape: [count, 28, 28, 1] };
  let spent = 0;
  for (let from = 0; from < count; from += batchSize) {
    const started = performance.now();
    const drawn = await hostPictures(draw(key.child(from), asked.slice(from, from + batchSize)), range);
    spent += performance.now() - started;
    images.data.set(drawn.data, from * 784);
  }
  const scores = await scoreSamples({ ...(await judge(images)), asked }, reference, scoringKey);
  return { scores, millisecondsAPicture: spent / count, images };
}
