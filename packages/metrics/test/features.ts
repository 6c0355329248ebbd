import { readFileSync } from 'node:fs';
import type { Rows } from '../src/index.ts';

/** The float32 numbers of features() in golden/make_golden.py. */
export function features(count: number, size: number, phase: number): Rows {
  const data = Float32Array.from({ length: count * size }, (_, at) => {
    const [i, d] = [Math.floor(at / size), at % size];
    const wave = Math.sin(i * 12.9898 + d * 78.233 + phase) * 43758.5453;
    return (wave - Math.floor(wave)) / (1 + phase) + Math.sin(i * 0.7 + phase) * Math.cos(d) + 0.1 * phase;
  });
  return { data, shape: [count, size] };
}

/** The softmax of features(200, 10, .3) * 3, as in golden/make_golden.py. */
export function classProbabilities(count = 200): Rows {
  const { data, shape } = features(count, 10, 0.3);
  const weights = Float64Array.from(data, (value) => Math.exp(3 * value));
  const sums = Array.from({ length: count }, (_, i) =>
    weights.subarray(10 * i, 10 * i + 10).reduce((sum, weight) => sum + weight, 0),
  );
  return { data: Float32Array.from(weights, (weight, at) => weight / sums[Math.floor(at / 10)]!), shape };
}

interface GoldenCase {
  readonly count: number;
  readonly other: number;
  readonly size: number;
  readonly phase: number;
  readonly neighbours: number;
  readonly frechet: number;
  readonly kernel: number;
  readonly manifold: Readonly<Record<'precision' | 'recall' | 'density' | 'coverage', number>>;
  readonly nearest: { readonly indices: number[]; readonly distances: number[] };
  readonly parzen: Readonly<Record<'sigma' | 'logLikelihood' | 'standardError', number>>;
  readonly covarianceRow: number[];
}

/** What golden/make_golden.py wrote. */
export const golden = JSON.parse(readFileSync(new URL('golden/distances.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly GoldenCase[];
  readonly classes: {
    readonly score: number;
    readonly histogram: number[];
    readonly entropy: number;
    readonly confidence: number;
  };
};
