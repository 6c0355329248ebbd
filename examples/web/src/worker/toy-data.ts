import { RandomKey } from '@lab/core';
import type { LabelledPictures } from '@lab/gan';

/** A mixture of equally likely round Gaussians in the plane. */
export interface Mixture {
  /** Centres, x and y in turn. */
  readonly centres: Float32Array;
  readonly std: number;
}

export type MixtureName = 'ring' | 'grid' | 'pair';

/** Points are drawn within this distance of 0 in x and in y. */
export const halfWidth = 2.6;

/** The mixtures by name: what a GAN of pictures is to learn, in a size that can be looked at. */
export const mixtures: Readonly<Record<MixtureName, Mixture>> = {
  ring: { centres: ring(8, 1.8), std: 0.08 },
  grid: { centres: grid(5, 1), std: 0.06 },
  pair: { centres: Float32Array.of(-1.2, 0, 1.2, 0), std: 0.15 },
};

/** Batches of points `[count, 1, 1, 2]`: to `@lab/gan`, pictures of one pixel with two channels. */
export function* pointBatches(
  mixture: Mixture,
  { seed, startStep, count }: { seed: number; startStep: number; count: number },
): Generator<LabelledPictures, never, undefined> {
  const key = RandomKey.fromSeed(seed).child('points');
  for (let step = startStep; ; step++) {
    yield { data: drawPoints(mixture, key.child(step), count), shape: [count, 1, 1, 2] };
  }
}

/** `count` points, x and y in turn. */
export function drawPoints({ centres, std }: Mixture, key: RandomKey, count: number): Float32Array {
  const modes = key.child('mode').integers(count, 0, centres.length / 2 - 1);
  const points = key.child('noise').normalArray(2 * count, 0, std);
  return points.map((noise, i) => noise + centres[2 * modes[i >> 1]! + (i & 1)]!);
}

/** How much of a mixture samples cover. */
export interface Coverage {
  readonly modes: number;
  /** Modes with at least one sample within three standard deviations. */
  readonly covered: number;
  /** Share of samples within three standard deviations of a mode. */
  readonly nearMode: number;
}

/** Counted as in Srivastava et al. 2017, "VEEGAN", section 4.1. */
export function coverage({ centres, std }: Mixture, samples: Float32Array): Coverage {
  const hits = new Set<number>();
  let near = 0;
  for (let i = 0; i < samples.length; i += 2) {
    const [mode, distance] = nearestMode(centres, samples[i]!, samples[i + 1]!);
    if (distance > 3 * std) continue;
    near += 1;
    hits.add(mode);
  }
  return { modes: centres.length / 2, covered: hits.size, nearMode: near / (samples.length / 2) };
}

function nearestMode(centres: Float32Array, x: number, y: number): [mode: number, distance: number] {
  let [mode, least] = [0, Infinity];
  for (let i = 0; i < centres.length; i += 2) {
    const distance = Math.hypot(centres[i]! - x, centres[i + 1]! - y);
    if (distance < least) [mode, least] = [i / 2, distance];
  }
  return [mode, least];
}

function ring(count: number, radius: number): Float32Array {
  const angle = (i: number) => (2 * Math.PI * i) / count;
  return Float32Array.from({ length: 2 * count }, (_, i) =>
    i % 2 === 0 ? radius * Math.cos(angle(i >> 1)) : radius * Math.sin(angle(i >> 1)),
  );
}

function grid(side: number, gap: number): Float32Array {
  const place = (i: number) => gap * (i - (side - 1) / 2);
  return Float32Array.from({ length: 2 * side * side }, (_, i) =>
    place(i % 2 === 0 ? (i >> 1) % side : Math.floor((i >> 1) / side)),
  );
}
