import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Images, imageGrid, type ImageGridOptions } from '../src/index.ts';

const size = fc.integer({ min: 1, max: 5 });
const cases = fc
  .record({
    count: fc.integer({ min: 1, max: 12 }),
    height: size,
    width: size,
    channels: fc.constantFrom(undefined, 1, 3),
    columns: fc.integer({ min: 1, max: 14 }),
    scale: fc.integer({ min: 1, max: 3 }),
    gap: fc.integer({ min: 0, max: 4 }),
    grey: fc.integer({ min: 0, max: 255 }),
  })
  .chain(({ channels, ...rest }) => {
    const length = rest.count * rest.height * rest.width * (channels ?? 1);
    const pixels = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: length, maxLength: length });
    const shape = [rest.count, rest.height, rest.width, ...(channels === undefined ? [] : [channels])];
    return pixels.map((levels) => ({ ...rest, channels: channels ?? 1, shape, levels }));
  });

const grey = (data: readonly number[], shape: readonly number[]): Images => ({ data: Float32Array.from(data), shape });

describe('imageGrid', () => {
  it('puts each pixel of each image where the layout says, and background everywhere else', () => {
    fc.assert(
      fc.property(cases, ({ count, height, width, channels, columns, scale, gap, grey: background, shape, levels }) => {
        const images = { data: Float32Array.from(levels, (level) => level / 255), shape };
        const raster = imageGrid(images, { columns, scale, gap, background });
        expect(raster.width).toBe(columns * (width * scale + gap) + gap);
        expect(raster.height).toBe(Math.ceil(count / columns) * (height * scale + gap) + gap);
        expect(raster.channels).toBe(channels);
        expect(raster.data).toHaveLength(raster.width * raster.height * channels);
        const expected = Array.from(raster.data, (_, at) => {
          const [pixel, channel] = [Math.floor(at / channels), at % channels];
          const column = place(pixel % raster.width, width * scale, gap);
          const row = place(Math.floor(pixel / raster.width), height * scale, gap);
          const image = row.tile * columns + column.tile;
          if (column.inside < 0 || row.inside < 0 || image >= count) return background;
          const [y, x] = [Math.floor(row.inside / scale), Math.floor(column.inside / scale)];
          return levels[((image * height + y) * width + x) * channels + channel];
        });
        expect([...raster.data]).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('makes the smallest square that holds all images', () => {
    const columns = (count: number) => imageGrid(grey(Array(count).fill(0), [count, 1, 1]), { scale: 1, gap: 0 }).width;
    expect([1, 2, 4, 5, 9, 10, 64].map(columns)).toEqual([1, 2, 2, 3, 3, 4, 8]);
  });

  it('maps the range to black and white, rounds, and clamps what lies outside', () => {
    const levels = (values: number[], range?: [number, number]) => [
      ...imageGrid(grey(values, [1, 1, values.length]), { scale: 1, gap: 0, ...(range && { range }) }).data,
    ];
    expect(levels([0, 0.5, 1, -3, 7])).toEqual([0, 128, 255, 0, 255]);
    expect(levels([-1, 0, 1, -1.01, 1e30], [-1, 1])).toEqual([0, 128, 255, 0, 255]);
  });

  it('draws grey images on a coloured ground in RGB', () => {
    const raster = imageGrid(grey([1], [1, 1, 1]), { scale: 1, gap: 1, background: [1, 2, 3] });
    expect(raster.channels).toBe(3);
    expect([...raster.data.subarray(0, 3)]).toEqual([1, 2, 3]);
    expect([...raster.data.subarray(12, 15)]).toEqual([255, 255, 255]);
  });

  const one = grey([0], [1, 1, 1]);
  it.each<[string, unknown, ImageGridOptions | undefined, RegExp]>([
    ['nothing', undefined, undefined, /must be \{ data: Float32Array, shape: number\[\] \}; got data: undefined/],
    ['plain arrays', { data: [0], shape: [1, 1, 1] }, undefined, /Float32Array.*From a tensor/],
    ['a flat shape', grey([0], [1, 1]), undefined, /\[N, H, W\] or \[N, H, W, 1 \| 3\].*got \[1, 1\]/],
    ['two channels', grey([0, 0], [1, 1, 1, 2]), undefined, /got \[1, 1, 1, 2\]/],
    ['no images', grey([], [0, 28, 28]), undefined, /every size at least 1/],
    ['data of another length', grey([0], [2, 1, 1]), undefined, /must hold 2 values for the shape \[2, 1, 1\]; got 1/],
    ['NaN', grey([0, NaN], [2, 1, 1]), undefined, /image 1 holds NaN.*probably diverged.*earlier checkpoint/],
    ['no column', one, { columns: 0 }, /columns must be an integer from 1 to .*; got 0/],
    ['half a scale', one, { scale: 1.5 }, /scale must be an integer .*; got 1\.5/],
    ['a negative gap', one, { gap: -1 }, /gap must be .*; got -1/],
    ['a falling range', one, { range: [1, 0] }, /range must be two finite numbers \[low, high\].*got \[1, 0\]/],
    ['a background of two', one, { background: [1, 2] as never }, /grey level 0-255 or \[red, green, blue\]/],
    ['a background too bright', one, { background: 256 }, /background must be .*; got 256/],
    ['a giant', grey(Array(300).fill(0), [300, 1, 1]), { columns: 300, scale: 256 }, /lower scale \(256\)/],
  ])('refuses %s', (_, images, options, message) => {
    expect(() => imageGrid(images as Images, options)).toThrow(message);
  });
});

/** The tile that a pixel column or row belongs to, and its place in it; -1 in a gap. */
function place(at: number, tile: number, gap: number) {
  const inside = (at % (tile + gap)) - gap;
  return { tile: Math.floor(at / (tile + gap)), inside };
}
