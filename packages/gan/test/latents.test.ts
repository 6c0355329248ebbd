import { ConfigError, RandomKey } from '@lab/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpolateLatents, latentSheet, latentWalk, lerp, slerp } from '../src/index.ts';
import { onCpu } from './cpu.ts';

const key = RandomKey.fromSeed(31);

onCpu();

const share = fc.double({ min: 0, max: 1, noNaN: true });
const pair = fc
  .tuple(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 0, max: 10_000 }))
  .map(
    ([size, seed]) =>
      [0, 1].map((i) => RandomKey.fromSeed(seed).child(i).normalArray(size)) as [Float32Array, Float32Array],
  );

const norm = (v: Float32Array) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
const scaled = (v: Float32Array, length: number) => v.map((x) => (x * length) / norm(v));
const closeTo = (found: Float32Array, wanted: Float32Array, tolerance = 1e-4) =>
  wanted.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThan(tolerance));

describe.each([
  ['lerp', lerp],
  ['slerp', slerp],
])('%s', (_, between) => {
  it('begins and ends where it is told, and is the same way back', () => {
    fc.assert(
      fc.property(pair, share, ([a, b], t) => {
        closeTo(between(a, b, 0), a);
        closeTo(between(a, b, 1), b);
        closeTo(between(a, b, t), between(b, a, 1 - t));
      }),
    );
  });

  it('stays where it is between a latent and itself', () => {
    fc.assert(fc.property(pair, share, ([a], t) => closeTo(between(a, a, t), a)));
  });

  it('rejects latents of two lengths, and a share that is no number', () => {
    expect(() => between(new Float32Array(2), new Float32Array(3), 0.5)).toThrow(ConfigError);
    expect(() => between(Float32Array.of(1, 0), Float32Array.of(0, 1), NaN)).toThrow(ConfigError);
  });
});

describe('slerp', () => {
  it('stays on the sphere that both lie on, at constant speed', () => {
    fc.assert(
      fc.property(pair, share, ([a, b], t) => {
        const [from, to] = [scaled(a, 10), scaled(b, 10)];
        const point = slerp(from, to, t);
        expect(Math.abs(norm(point) - 10)).toBeLessThan(1e-3);
        const angle = (u: Float32Array, v: Float32Array) =>
          Math.acos(Math.min(1, Math.max(-1, u.reduce((sum, x, i) => sum + x * v[i]!, 0) / (norm(u) * norm(v)))));
        expect(Math.abs(angle(from, point) - t * angle(from, to))).toBeLessThan(2e-3);
      }),
    );
  });

  it('goes half the right angle at half the way', () => {
    closeTo(slerp(Float32Array.of(2, 0), Float32Array.of(0, 2), 0.5), Float32Array.of(Math.SQRT2, Math.SQRT2));
  });

  it('is the straight line where no arc is determined: parallel, opposite, zero', () => {
    for (const b of [Float32Array.of(2, 4), Float32Array.of(-1, -2), Float32Array.of(0, 0)]) {
      const a = Float32Array.of(1, 2);
      closeTo(slerp(a, b, 0.25), lerp(a, b, 0.25), 1e-6);
    }
  });
});

describe('interpolateLatents', () => {
  it('includes both ends and spaces the rest evenly', () => {
    const line = interpolateLatents(Float32Array.of(0, 2), Float32Array.of(4, 2), 5, { path: 'linear' });
    expect(line).toEqual({ data: Float32Array.of(0, 2, 1, 2, 2, 2, 3, 2, 4, 2), shape: [5, 2] });
  });

  it('rejects a path it does not know and a count below 2', () => {
    const [a, b] = [Float32Array.of(1), Float32Array.of(2)];
    expect(() => interpolateLatents(a, b, 3, { path: 'sperical' as never })).toThrow(/Did you mean 'spherical'/);
    expect(() => interpolateLatents(a, b, 1)).toThrow(/count/);
  });
});

describe('latentWalk', () => {
  const gan = { latent: 'normal', latentDim: 4 } as never;
  const row = ({ data }: { data: Float32Array }, i: number) => data.slice(4 * i, 4 * i + 4);

  it('visits every stop, and is the same for the same key', () => {
    const walk = latentWalk(gan, key, { stops: 3, stepsBetween: 5 });
    expect(walk.shape).toEqual([11, 4]);
    expect(latentWalk(gan, key, { stops: 3, stepsBetween: 5 })).toEqual(walk);
    const stops = latentWalk(gan, key, { stops: 3, stepsBetween: 1 });
    [0, 5, 10].forEach((at, stop) => closeTo(row(walk, at), row(stops, stop)));
  });

  it('closed, ends one step before its start', () => {
    const open = latentWalk(gan, key, { stops: 3, stepsBetween: 4 });
    const closed = latentWalk(gan, key, { stops: 3, stepsBetween: 4, closed: true });
    expect(closed.shape).toEqual([12, 4]);
    closeTo(row(closed, 11), slerp(row(open, 8), row(open, 0), 0.75));
  });

  it.each([{ stops: 1 }, { stepsBetween: 0 }, { path: 'curved' as never }, { stop: 3 } as never])(
    'rejects %j',
    (options) => {
      expect(() => latentWalk(gan, key, options)).toThrow(ConfigError);
    },
  );
});

describe('latentSheet', () => {
  const gan = { latent: 'normal', latentDim: 4 } as never;
  const sheet = latentSheetRows({ rows: 3, columns: 5 });

  function latentSheetRows(options: object): Float32Array[] {
    const { data, shape } = latentSheet(gan, key, options);
    return Array.from({ length: shape[0]! }, (_, i) => data.slice(4 * i, 4 * i + 4));
  }

  it('has arcs for its edges and for the rows between them, and the same corners whatever its size', () => {
    expect(sheet).toHaveLength(15);
    closeTo(sheet[5]!, slerp(sheet[0]!, sheet[10]!, 0.5));
    closeTo(sheet[9]!, slerp(sheet[4]!, sheet[14]!, 0.5));
    closeTo(sheet[6]!, slerp(sheet[5]!, sheet[9]!, 0.25));
    const corners = latentSheetRows({ rows: 2, columns: 2 });
    [0, 4, 10, 14].forEach((at, i) => closeTo(sheet[at]!, corners[i]!));
  });

  it('has lines where it is told to', () => {
    const flat = latentSheetRows({ rows: 2, columns: 3, path: 'linear' });
    closeTo(flat[1]!, lerp(flat[0]!, flat[2]!, 0.5));
  });

  it.each([{ rows: 1 }, { columns: 1.5 }, { path: 'curved' }, { row: 3 }])('rejects %j', (options) => {
    expect(() => latentSheetRows(options)).toThrow(ConfigError);
  });
});
