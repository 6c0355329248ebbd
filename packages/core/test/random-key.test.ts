import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../src/errors.ts';
import { RandomKey } from '../src/random-key.ts';
import { describeBackends, expectTensorsClose } from '../src/testing.ts';
import { tf } from '../src/index.ts';

interface Stream {
  readonly key: [number, number];
  readonly bits: number[];
  readonly uniform: number[];
  readonly normal: number[];
}

const golden = JSON.parse(readFileSync(new URL('golden/threefry.json', import.meta.url), 'utf8')) as { stream: Stream };
const { stream } = golden;
const streamKey = RandomKey.fromWords(stream.key);

describe('RandomKey numbers', () => {
  it('are laid out as documented (bits and normals from JAX words)', () => {
    expect([...streamKey.bits(9)]).toEqual(stream.bits);
    expect([...streamKey.uniformArray(9)]).toEqual(stream.uniform);
    expect([...streamKey.normalArray(9)]).toEqual(stream.normal.map(Math.fround));
  });

  it('are the same for the same key, whatever was drawn before', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(100), (seed, count) => {
        const key = RandomKey.fromSeed(seed);
        const first = key.normalArray(count);
        key.child('x').bits(10);
        expect(key.normalArray(count)).toEqual(first);
        expect(RandomKey.fromSeed(seed).normalArray(count)).toEqual(first);
      }),
    );
  });

  it('scale to range, mean and deviation', () => {
    const [unit, scaled] = [streamKey.uniformArray(50), streamKey.uniformArray(50, -3, 5)];
    unit.forEach((value, i) => expect(scaled[i]).toBeCloseTo(8 * value - 3, 5));
    const [standard, moved] = [streamKey.normalArray(51), streamKey.normalArray(51, 2, 0.5)];
    standard.forEach((value, i) => expect(moved[i]).toBeCloseTo(2 + 0.5 * value, 6));
  });

  it('have the moments, tails and independence of their distributions', () => {
    const count = 200_000;
    const normal = RandomKey.fromSeed(42).normalArray(count);
    const uniform = RandomKey.fromSeed(43).uniformArray(count);
    // Each bound is about five standard errors of its estimate.
    expect(Math.abs(mean(normal))).toBeLessThan(0.0112);
    expect(Math.abs(mean(normal.map((z) => z * z)) - 1)).toBeLessThan(0.0159);
    expect(Math.abs(mean(normal.map((z) => z ** 3)))).toBeLessThan(0.0433);
    expect(Math.abs(mean(normal.map((z) => z ** 4)) - 3)).toBeLessThan(0.11);
    expect(Math.abs(mean(normal.map((z) => (z > 1.959964 ? 1 : 0))) - 0.025)).toBeLessThan(0.00175);
    expect(Math.abs(correlation(normal.subarray(0, count / 2), normal.subarray(count / 2)))).toBeLessThan(0.0158);
    expect(Math.abs(correlation(normal.subarray(1), normal.subarray(0, -1)))).toBeLessThan(0.0112);
    expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan(0.0033);
    expect(chiSquare(uniform, 100)).toBeLessThan(99 + 5 * Math.sqrt(198));
    expect(uniform.every((u) => u >= 0 && u < 1)).toBe(true);
  });

  it('reach no infinity', () => {
    expect(Math.sqrt(-2 * Math.log(2 ** -24))).toBeCloseTo(5.768, 3);
    expect(
      RandomKey.fromSeed(7)
        .normalArray(100_000)
        .every((z) => Math.abs(z) < 5.77),
    ).toBe(true);
  });
});

describe('RandomKey children', () => {
  it('differ from each other, from the parent, and by type of label', () => {
    const root = RandomKey.fromSeed(0);
    const labels = ['a', 'b', 'ab', '', '1', 1, 0, 2 ** 32 - 1, 'größe'];
    const words = [root, ...labels.map((label) => root.child(label)), root.child(1).child(1)].map(
      (key) => `${key.words}`,
    );
    expect(new Set(words).size).toBe(words.length);
  });

  it('never collide in 100,000 steps', () => {
    const key = RandomKey.fromSeed(5).child('latent');
    const words = new Set(Array.from({ length: 100_000 }, (_, step) => key.child(step).words.join()));
    expect(words.size).toBe(100_000);
  });

  it('by number are encryptions of [n, 1]', () => {
    expect(RandomKey.fromSeed(0).child(0).words).not.toEqual(RandomKey.fromSeed(0).bits(2));
    expect(RandomKey.fromSeed(2 ** 40 + 3).words).toEqual([256, 3]);
  });

  it('of neighbouring steps give uncorrelated numbers', () => {
    const key = RandomKey.fromSeed(6);
    const rows = [0, 1].map((step) => key.child(step).normalArray(100_000));
    expect(Math.abs(correlation(rows[0]!, rows[1]!))).toBeLessThan(0.0158);
  });
});

describe('RandomKey integers and permutations', () => {
  it('cover the range evenly', () => {
    const drawn = RandomKey.fromSeed(8).integers(60_000, -3, 2);
    const counts = new Map<number, number>();
    for (const value of drawn) counts.set(value, (counts.get(value) ?? 0) + 1);
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2]);
    for (const count of counts.values())
      expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(60_000 * (1 / 6) * (5 / 6)));
  });

  it('permute', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(), (count, seed) => {
        const order = RandomKey.fromSeed(seed).permutation(count);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
  });

  it('give every order of three equally often', () => {
    const key = RandomKey.fromSeed(9);
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const order = key.child(i).permutation(3).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values())
      expect(Math.abs(count - 2000)).toBeLessThan(5 * Math.sqrt(12_000 * (1 / 6) * (5 / 6)));
  });
});

describe('RandomKey refuses', () => {
  const key = RandomKey.fromSeed(1);
  it.each<[string, () => unknown]>([
    ['a negative seed', () => RandomKey.fromSeed(-1)],
    ['a fractional seed', () => RandomKey.fromSeed(0.5)],
    ['a seed past 2^53', () => RandomKey.fromSeed(2 ** 53)],
    ['a negative child', () => key.child(-1)],
    ['a child past 32 bits', () => key.child(2 ** 32)],
    ['a fractional count', () => key.bits(1.5)],
    ['a range upside down', () => key.uniformArray(1, 1, 0)],
    ['a negative deviation', () => key.normalArray(1, 0, -1)],
    ['an infinite mean', () => key.normalArray(1, Infinity)],
    ['too wide integers', () => key.integers(1, 0, 2 ** 32)],
    ['words past 32 bits', () => RandomKey.fromWords([0, 2 ** 32])],
  ])('%s', (_, act) => {
    expect(act).toThrow(ConfigError);
  });
});

describeBackends('RandomKey tensors', () => {
  it.each([[[]], [[1]], [[7]], [[3, 5]], [[0, 4]], [[2, 3, 4]], [[128, 100]]])(
    'of shape %j are the arrays',
    (shape) => {
      tf.tidy(() => {
        const size = tf.util.sizeFromShape(shape);
        const normal = streamKey.normal(shape, 1, 2);
        expect(normal.shape).toEqual(shape);
        expectTensorsClose(normal, streamKey.normalArray(size, 1, 2), { absolute: 5e-6 });
        expectTensorsClose(streamKey.uniform(shape, -1, 3), streamKey.uniformArray(size, -1, 3), { absolute: 1e-6 });
      });
    },
  );

  it('are exact in [0, 1)', () => {
    const uniform = streamKey.uniform([33]);
    expect(uniform.dataSync()).toEqual(streamKey.uniformArray(33));
    uniform.dispose();
  });
});

describe('RandomKey tensors on a backend with the kernels', () => {
  it('take one kernel call, with shape, key and parameters', async () => {
    const { useBackend } = await import('../src/use-backend.ts');
    await useBackend('cpu');
    const seen: unknown[] = [];
    for (const kernelName of ['ThreefryNormal', 'ThreefryUniform']) {
      tf.registerKernel({
        kernelName,
        backendName: 'cpu',
        kernelFunc: ({ attrs, backend }) => {
          const { shape } = attrs as unknown as { shape: number[] };
          seen.push([kernelName, attrs]);
          const size = tf.util.sizeFromShape(shape);
          const dataId = (backend as tf.KernelBackend).write(new Float32Array(size), shape, 'float32');
          return { dataId, shape, dtype: 'float32' };
        },
      });
    }
    try {
      tf.dispose([streamKey.normal([2, 3], 1, 2), streamKey.uniform([4], -1, 1)]);
    } finally {
      for (const name of ['ThreefryNormal', 'ThreefryUniform']) tf.unregisterKernel(name, 'cpu');
    }
    const [key0, key1] = stream.key;
    expect(seen).toEqual([
      ['ThreefryNormal', { shape: [2, 3], key0, key1, mean: 1, std: 2 }],
      ['ThreefryUniform', { shape: [4], key0, key1, min: -1, max: 1 }],
    ]);
  });
});

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function correlation(a: Float32Array, b: Float32Array): number {
  const products = a.map((value, i) => value * b[i]!);
  const deviation = (values: Float32Array) => Math.sqrt(mean(values.map((v) => v * v)) - mean(values) ** 2);
  return (mean(products) - mean(a) * mean(b)) / (deviation(a) * deviation(b));
}

function chiSquare(values: Float32Array, bins: number): number {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[Math.floor(value * bins)]! += 1;
  const wanted = values.length / bins;
  return counts.reduce((sum, count) => sum + (count - wanted) ** 2 / wanted, 0);
}
