import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DataFormatError } from '../src/index.ts';
import { decodeInk, encodeInk } from '../src/ink-codec.ts';

const pictures = fc.record({
  cols: fc.integer({ min: 1, max: 9 }),
  pixels: fc.array(
    fc.record({ value: fc.constantFrom(0, 0, 1, 254, 255), run: fc.constantFrom(1, 2, 5, 254, 255, 256, 600) }),
    { maxLength: 8 },
  ),
});

it('gives pixels back as they were, runs of any length included', () => {
  fc.assert(
    fc.property(pictures, ({ cols, pixels }) => {
      const original = Uint8Array.from(pixels.flatMap(({ value, run }) => new Array<number>(run).fill(value)));
      const decoded = new Uint8Array(original.length);
      decodeInk(encodeInk(original, cols), decoded, cols, 'packed');
      expect(decoded).toEqual(original);
    }),
  );
});

it('throws nothing but DataFormatError, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.nat({ max: 500 }), (bytes, length) => {
      try {
        decodeInk(bytes, new Uint8Array(length), 5, 'packed');
      } catch (error) {
        expect(error).toBeInstanceOf(DataFormatError);
      }
    }),
  );
});
