import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeGif, type EncodeGifOptions, type Raster } from '../src/index.ts';
import { readGif } from './support/read-gif.ts';

const raster = (data: ArrayLike<number>, width: number, channels: 1 | 3 = 1): Raster => ({
  data: Uint8Array.from(data),
  width,
  height: data.length / width / channels,
  channels,
});

/** Pixels that look random, the same on each run. */
const noise = (length: number, seed = 1) =>
  Array.from({ length }, (_, i) =>
    Math.floor(Math.abs(Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453) % 256),
  );

const rgbOf = ({ data, channels }: Raster) =>
  channels === 3 ? [...data] : [...data].flatMap((level) => [level, level, level]);

describe('encodeGif', () => {
  it('holds every grey frame without loss', () => {
    const frames = fc
      .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) })
      .chain(({ width, height }) => {
        const pixels = fc.uint8Array({ minLength: width * height, maxLength: width * height });
        return fc.array(pixels, { minLength: 1, maxLength: 4 }).map((all) => all.map((data) => raster(data, width)));
      });
    fc.assert(
      fc.property(frames, (rasters) => {
        const gif = readGif(encodeGif(rasters));
        expect([gif.width, gif.height]).toEqual([rasters[0]!.width, rasters[0]!.height]);
        expect(gif.frames.map(({ rgb }) => [...rgb])).toEqual(rasters.map(rgbOf));
      }),
      { numRuns: 40 },
    );
  });

  it('holds frames long enough to fill the code table', () => {
    const frames = [1, 2].map((seed) => raster(noise(200 * 100, seed), 200));
    const read = readGif(encodeGif(frames)).frames;
    expect(read.map(({ rgb }, i) => Buffer.from(rgb).equals(Buffer.from(rgbOf(frames[i]!))))).toEqual([true, true]);
  });

  it('holds few RGB colours exactly, and many nearly', () => {
    const few = raster([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9], 2, 3);
    expect([...readGif(encodeGif([few])).frames[0]!.rgb]).toEqual(rgbOf(few));
    const many = raster(
      Array.from({ length: 32 * 32 }, (_, i) => [(i % 32) * 8, Math.floor(i / 32) * 8, 128]).flat(),
      32,
      3,
    );
    const { rgb } = readGif(encodeGif([many])).frames[0]!;
    const error = rgb.reduce((sum, level, i) => sum + Math.abs(level - many.data[i]!), 0) / rgb.length;
    expect(error).toBeLessThan(12);
  });

  it('rounds grey to as few levels as asked for, evenly', () => {
    const ramp = raster(
      Array.from({ length: 256 }, (_, i) => i),
      256,
    );
    const { frames, palette } = readGif(encodeGif([ramp], { colours: 16 }));
    expect(palette).toHaveLength(16);
    const levels = [...frames[0]!.rgb].filter((_, i) => i % 3 === 0);
    expect(new Set(levels).size).toBe(16);
    levels.forEach((level, i) => expect(Math.abs(level - i)).toBeLessThanOrEqual(255 / 15 / 2 + 0.5));
  });

  const frame = raster([0, 255], 2);
  it('writes frame count and delays', () => {
    const { frames } = readGif(encodeGif([frame, frame, frame], { delayMs: 70, lastDelayMs: 2500 }));
    expect(frames.map(({ delay }) => delay)).toEqual([7, 7, 250]);
    expect(readGif(encodeGif([frame, frame])).frames.map(({ delay }) => delay)).toEqual([20, 20]);
  });

  it.each<[EncodeGifOptions['loop'], number | undefined]>([
    [undefined, 0],
    [true, 0],
    [false, undefined],
    [1, undefined],
    [3, 2],
    [65536, 65535],
  ])('with loop %s asks for %s repeats (0: for ever)', (loop, repeats) => {
    const gif = readGif(encodeGif([frame, frame], loop === undefined ? {} : { loop }));
    expect(gif.repeats).toBe(repeats);
  });

  it.each<[string, unknown, EncodeGifOptions, RegExp]>([
    ['no frame', [], {}, /at least one frame; got none/],
    ['one raster for a list', frame, {}, /must be an array of rasters, one a frame; got an object/],
    ['a hole', [frame, undefined], {}, /rasters\[1\] must be a raster/],
    [
      'frames that differ in size',
      [frame, raster([0], 1)],
      {},
      /size of the first, 2 x 1; rasters\[1\] is 1 x 1\. Draw all/,
    ],
    ['too short a delay', [frame], { delayMs: 10 }, /delayMs must lie in \[20, 655350\]; got 10/],
    ['a delay in words', [frame], { delayMs: '200' as never }, /delayMs must be a number; got "200"/],
    ['one colour', [frame], { colours: 1 }, /colours must be an integer from 2 to 256; got 1/],
    ['no showing', [frame], { loop: 0 }, /loop \(a count of showings; true is for ever\) must be .*; got 0/],
  ])('refuses %s', (_, rasters, options, message) => {
    expect(() => encodeGif(rasters as Raster[], options)).toThrow(message);
  });
});
