import { type RandomKey, tf } from '@lab/core';
import { type DiffusionModel, interpolateNoise } from '@lab/diffusion';
import type { Images } from '@lab/viz';
import { hostPictures } from '../run/host-pictures.ts';
import type { Judge } from '../judge/judge.ts';
import { readAs } from '../judge/read-as.ts';

/** Pictures between two of the same digit. */
export interface Blended {
  readonly method: string;
  /** The share of those between the ends that is read as the digit. */
  readonly read: number;
  /** The share of their pixels that is grey, .2 to .8: a blend of two strokes is, a stroke is at its edges only. */
  readonly grey: number;
  readonly images: Images;
}

/** Pictures on each arc, the ends included. */
export const arcLength = 8;

/** Goes from one noise to another, and from the picture of the one to the picture of the other by cross-fading. */
export async function blend(
  model: DiffusionModel,
  judge: Judge,
  { key, steps, arcs }: { readonly key: RandomKey; readonly steps: number; readonly arcs: number },
): Promise<Blended[]> {
  const digits = Array.from({ length: arcs }, (_, arc) => arc % 10);
  const drawn = tf.tidy(() =>
    tf.concat(
      digits.map((digit, arc) =>
        interpolateNoise(model, key.child(arc), digit, { count: arcLength, steps, guidance: 2 }),
      ),
    ),
  );
  const images = await hostPictures(drawn as tf.Tensor4D, 'signed');
  const candidates = { 'cross-fading': crossFade(images, arcs), 'noise on the arc': images };
  return Promise.all(
    Object.entries(candidates).map(async ([method, found]) => {
      const inner = withoutEnds(found, arcs);
      const labels = digits.flatMap((digit) => new Array<number>(arcLength - 2).fill(digit));
      const grey = inner.data.filter((value) => value > 0.2 && value < 0.8).length / inner.data.length;
      return { method, read: await readAs(judge, inner, labels), grey, images: found };
    }),
  );
}

function crossFade({ data, shape }: Images, arcs: number): Images {
  const faded = Float32Array.from(data);
  const at = (arc: number, i: number) => (arc * arcLength + i) * 784;
  for (let arc = 0; arc < arcs; arc++) {
    for (let i = 0; i < arcLength; i++) {
      const share = i / (arcLength - 1);
      for (let pixel = 0; pixel < 784; pixel++) {
        const [from, to] = [data[at(arc, 0) + pixel]!, data[at(arc, arcLength - 1) + pixel]!];
        faded[at(arc, i) + pixel] = (1 - share) * from + share * to;
      }
    }
  }
  return { data: faded, shape };
}

function withoutEnds({ data }: Images, arcs: number): { data: Float32Array; shape: number[] } {
  const inner = Array.from({ length: arcs }, (_, arc) =>
    Array.from(data.slice((arc * arcLength + 1) * 784, ((arc + 1) * arcLength - 1) * 784)),
  );
  return { data: Float32Array.from(inner.flat()), shape: [arcs * (arcLength - 2), 28, 28, 1] };
}
