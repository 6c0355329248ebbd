import { type ConditionalGan, loadPretrained, sample } from '@lab/cgan';
import { RandomKey, type tf } from '@lab/core';
import { drawLatents, sampleFrom, slerp } from '@lab/gan';
import { open as openDiffusion } from './diffusion-room.ts';
import type { Emit } from './messages.ts';

/** Latents that sliders mix, each a style. */
const styleCount = 6;

/** Pictures `[N, 28, 28]` in [0, 1], and how long they took. */
export interface Painted {
  readonly pixels: Float32Array;
  readonly milliseconds: number;
}

/** Paints digits with the shipped conditional GAN, and with diffusion beside it. */
export function open(emit: Emit) {
  const loading = loadPretrained();
  const { denoise, ready } = openDiffusion(emit);
  const paint = async (pictures: (gan: ConditionalGan) => tf.Tensor): Promise<Painted> => {
    const gan = await loading;
    const started = performance.now();
    const painted = pictures(gan);
    const pixels = await painted.data<'float32'>();
    painted.dispose();
    return { pixels, milliseconds: performance.now() - started };
  };

  return {
    denoise,
    ready: async () => void (await Promise.all([loading, ready()])),
    digits: ({ labels, seed }: { labels: number[]; seed: number }) =>
      paint((gan) => sample(gan, { label: labels, seed })),
    /** One digit from a mixture of styles. */
    async mix({ digit, seed, weights }: { digit: number; seed: number; weights: readonly number[] }): Promise<Painted> {
      const styles = await drawStyles(await loading, seed, styleCount);
      return paint((gan) => paintLatents(gan, [mixture(styles, weights)], digit));
    },
    /** `side` x `side` pictures between four styles, one in each corner. */
    async sheet({ digit, seed, side }: { digit: number; seed: number; side: number }): Promise<Painted> {
      const [a, b, c, d] = (await drawStyles(await loading, seed, 4)) as [
        Float32Array,
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      const latents = Array.from({ length: side * side }, (_, i) => {
        const [across, down] = [(i % side) / (side - 1), Math.floor(i / side) / (side - 1)];
        return slerp(slerp(a, b, across), slerp(c, d, across), down);
      });
      return paint((gan) => paintLatents(gan, latents, digit));
    },
  };
}

export type DigitsRoom = ReturnType<typeof open>;

async function drawStyles(gan: ConditionalGan, seed: number, count: number): Promise<Float32Array[]> {
  const drawn = drawLatents(gan, RandomKey.fromSeed(seed).child('styles'), count);
  const values = await drawn.data<'float32'>();
  drawn.dispose();
  return Array.from({ length: count }, (_, i) => values.slice(i * gan.latentDim, (i + 1) * gan.latentDim));
}

/** Of the length that one style has on average: a mixture of N(0, 1) by weights whose squares add up to 1 is N(0, 1) again. */
function mixture(styles: readonly Float32Array[], weights: readonly number[]): Float32Array {
  const length = Math.hypot(...weights) || 1;
  return styles[0]!.map((_, i) => styles.reduce((sum, style, k) => sum + (style[i]! * weights[k]!) / length, 0));
}

function paintLatents(gan: ConditionalGan, latents: readonly Float32Array[], digit: number): tf.Tensor {
  const data = new Float32Array(latents.length * gan.latentDim);
  latents.forEach((latent, i) => data.set(latent, i * gan.latentDim));
  const labels = latents.map(() => digit);
  return sampleFrom(gan, { data, shape: [latents.length, gan.latentDim] }, { labels });
}
