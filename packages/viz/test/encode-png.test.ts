import { decode } from 'fast-png';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePng, type Raster } from '../src/index.ts';

const rasters = fc
  .record({
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
    channels: fc.constantFrom(1 as const, 3 as const),
  })
  .chain(({ width, height, channels }) => {
    const length = width * height * channels;
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((data): Raster => ({ data: Uint8Array.from(data), width, height, channels }));
  });

describe('encodePng', () => {
  it('decodes back to the same raster', () => {
    fc.assert(
      fc.property(rasters, (raster) => {
        const { data, width, height, channels, depth } = decode(encodePng(raster));
        expect({ data: [...data], width, height, channels, depth }).toEqual({
          ...raster,
          data: [...raster.data],
          depth: 8,
        });
      }),
      { numRuns: 50 },
    );
  });

  it('gives the same bytes each time', () => {
    const raster: Raster = { data: Uint8Array.of(1, 2, 3, 4), width: 2, height: 2, channels: 1 };
    expect(encodePng(raster)).toEqual(encodePng(raster));
  });

  const raster: Raster = { data: new Uint8Array(4), width: 2, height: 2, channels: 1 };
  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /raster must be a raster .* got undefined\. imageGrid\(\) makes one/],
    ['floats', { ...raster, data: new Float32Array(4) }, /got an object with the fields \{data, width/],
    [
      'data of another length',
      { ...raster, channels: 3 },
      /width \* height \* channels = 12 bytes \(2 \* 2 \* 3\); got 4/,
    ],
    ['no width', { ...raster, width: 0 }, /width must be an integer from 1 to 65535; got 0/],
    ['four channels', { ...raster, channels: 4 }, /channels must be 1 \(grey\) or 3 \(RGB\); got 4/],
    ['channels in words', { ...raster, channels: '1' }, /channels must be 1 .* got "1"/],
  ])('refuses %s', (_, wrong, message) => {
    expect(() => encodePng(wrong as Raster)).toThrow(message);
  });
});
