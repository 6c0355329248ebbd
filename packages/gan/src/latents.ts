import {
  ConfigError,
  type RandomKey,
  rejectUnknownOptions,
  requireInteger,
  requireNumber,
  requireOneOf,
} from '@lab/core';
import { type Gan, drawLatents } from './gan.ts';
import type { Pictures } from './pictures.ts';

/** How to get from one latent to another: in a straight line, or along the arc between their directions. */
export type Path = 'linear' | 'spherical';

/** Options of `interpolateLatents` and `latentWalk`. */
export interface InterpolateOptions {
  /**
   * The way taken. N(0, 1) in many dimensions lies near a sphere, which `spherical` stays on while `linear` cuts through
   * the inside, where G was hardly trained.
   *
   * @default 'spherical'
   */
  readonly path?: Path;
}

/** Options of `latentWalk`. */
export interface LatentWalkOptions extends InterpolateOptions {
  /**
   * Latents to walk through, at least 2 (1 if the walk is closed).
   *
   * @default 5
   */
  readonly stops?: number;
  /**
   * Steps from each stop to the next, at least 1.
   *
   * @default 12
   */
  readonly stepsBetween?: number;
  /**
   * Whether to walk back to the first stop, so that an animation repeats without a jump.
   *
   * @default false
   */
  readonly closed?: boolean;
}

/** Options of `latentSheet`. */
export interface LatentSheetOptions extends InterpolateOptions {
  /**
   * Latents from top to bottom, at least 2.
   *
   * @default 8
   */
  readonly rows?: number;
  /**
   * Latents from left to right, at least 2.
   *
   * @default 8
   */
  readonly columns?: number;
}

/** The point at `t` on the straight line from `a` (t = 0) to `b` (t = 1). */
export function lerp(a: Float32Array, b: Float32Array, t: number): Float32Array {
  return combine(a, 1 - t, b, t);
}

/**
 * The point at `t` on the arc from `a` (t = 0) to `b` (t = 1): sin((1 - t) w) / sin(w) a + sin(t w) / sin(w) b, w being
 * the angle between them. For equal lengths it moves at constant speed on their sphere. Where the arc is
 * not determined (parallel, opposite or zero vectors), it is the straight line.
 *
 * Shoemake 1985, section 3.3; for latents White 2016, "Sampling Generative Networks".
 */
export function slerp(a: Float32Array, b: Float32Array, t: number): Float32Array {
  const cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const sine = Math.sin(angle);
  // Below this, float32 vectors are parallel as far as they can tell.
  if (!(sine > 1e-6)) return lerp(a, b, t);
  return combine(a, Math.sin((1 - t) * angle) / sine, b, Math.sin(t * angle) / sine);
}

/**
 * `count` latents from `from` to `to`, both included and evenly spaced, `[count, latentDim]`.
 *
 * @throws ConfigError if the two differ in length, or `count` is not an integer of at least 2.
 */
export function interpolateLatents(
  from: Float32Array,
  to: Float32Array,
  count: number,
  options: InterpolateOptions = {},
): Pictures {
  rejectUnknownOptions('interpolateLatents', options, ['path']);
  requireInteger('count', count, { min: 2 });
  const step = stepAlong(options.path);
  return stack(Array.from({ length: count }, (_, i) => step(from, to, i / (count - 1))));
}

/**
 * A walk through latents drawn as `gan.latent` says: `(stops - 1) * stepsBetween + 1` of them, or
 * `stops * stepsBetween` if it is closed, `[N, latentDim]`.
 *
 * @throws ConfigError for an option out of its range.
 */
export function latentWalk(gan: Gan, key: RandomKey, options: LatentWalkOptions = {}): Pictures {
  rejectUnknownOptions('latentWalk', options, ['path', 'stops', 'stepsBetween', 'closed']);
  const { stops = 5, stepsBetween = 12, closed = false } = options;
  requireInteger('stops', stops, { min: closed ? 1 : 2 });
  requireInteger('stepsBetween', stepsBetween, { min: 1 });
  const step = stepAlong(options.path);
  const stations = drawStations(gan, key, stops);
  const legs = closed ? stops : stops - 1;
  const walk = Array.from({ length: legs * stepsBetween }, (_, i) => {
    const leg = Math.floor(i / stepsBetween);
    return step(stations[leg]!, stations[(leg + 1) % stops]!, (i % stepsBetween) / stepsBetween);
  });
  return stack(closed ? walk : [...walk, stations.at(-1)!]);
}

/**
 * A sheet between four latents drawn as `gan.latent` says, which are its corners: `[rows * columns, latentDim]`, row by row. Its
 * left and right edges are interpolated, and each row between them.
 *
 * @throws ConfigError for an option out of its range.
 */
export function latentSheet(gan: Gan, key: RandomKey, options: LatentSheetOptions = {}): Pictures {
  rejectUnknownOptions('latentSheet', options, ['path', 'rows', 'columns']);
  const { path, rows = 8, columns = 8 } = options;
  requireInteger('rows', rows, { min: 2 });
  requireInteger('columns', columns, { min: 2 });
  const step = stepAlong(path);
  const [topLeft, topRight, bottomLeft, bottomRight] = drawStations(gan, key, 4);
  return stack(
    Array.from({ length: rows * columns }, (_, i) => {
      const down = Math.floor(i / columns) / (rows - 1);
      const [left, right] = [step(topLeft!, bottomLeft!, down), step(topRight!, bottomRight!, down)];
      return step(left, right, (i % columns) / (columns - 1));
    }),
  );
}

function drawStations(gan: Gan, key: RandomKey, stops: number): Float32Array[] {
  const drawn = drawLatents(gan, key, stops);
  const values = drawn.dataSync().slice() as Float32Array;
  drawn.dispose();
  return Array.from({ length: stops }, (_, i) => values.subarray(i * gan.latentDim, (i + 1) * gan.latentDim));
}

function stepAlong(path: Path = 'spherical'): typeof lerp {
  return requireOneOf('path', path, ['linear', 'spherical']) === 'linear' ? lerp : slerp;
}

function combine(a: Float32Array, ofA: number, b: Float32Array, ofB: number): Float32Array {
  requireNumber('t', ofA);
  if (a.length !== b.length) {
    throw new ConfigError({
      field: "The second latent's length",
      value: b.length,
      expected: `${a.length}, as the first's`,
    });
  }
  return a.map((value, i) => ofA * value + ofB * b[i]!);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function stack(rows: readonly Float32Array[]): Pictures {
  const width = rows[0]!.length;
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, i) => data.set(row, i * width));
  return { data, shape: [rows.length, width] };
}
