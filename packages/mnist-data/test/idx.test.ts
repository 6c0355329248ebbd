import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeIdx, OptionError, parseIdx, type IdxData } from '../src/index.ts';

const shapes = fc.array(fc.nat({ max: 5 }), { maxLength: 4 });
const makers: Record<string, (length: number) => fc.Arbitrary<IdxData>> = {
  uint8: (n) => fc.uint8Array({ minLength: n, maxLength: n }),
  int8: (n) => fc.int8Array({ minLength: n, maxLength: n }),
  int16: (n) => fc.int16Array({ minLength: n, maxLength: n }),
  int32: (n) => fc.int32Array({ minLength: n, maxLength: n }),
  float32: (n) => fc.float32Array({ minLength: n, maxLength: n }),
  float64: (n) => fc.float64Array({ minLength: n, maxLength: n }),
};

describe('IDX', () => {
  it.each(Object.keys(makers))('gives %s back as it was written', (type) => {
    const arrays = shapes.chain((shape) => {
      const length = shape.reduce((product, size) => product * size, 1);
      return makers[type]!(length).map((data) => ({ shape, data }));
    });
    fc.assert(
      fc.property(arrays, (array) => {
        expect(parseIdx(encodeIdx(array))).toEqual(array);
      }),
    );
  });

  it('writes the header that the format describes, in big-endian order', () => {
    const bytes = encodeIdx({ shape: [1, 2], data: Int16Array.of(1, -2) });
    expect([...bytes]).toEqual([0, 0, 0x0b, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 0xff, 0xfe]);
  });

  it('reads from the middle of a larger buffer, at any alignment', () => {
    const file = encodeIdx({ shape: [2], data: Float64Array.of(Math.PI, -0) });
    const padded = new Uint8Array(file.length + 3);
    padded.set(file, 3);
    expect(parseIdx(padded.subarray(3)).data).toEqual(Float64Array.of(Math.PI, -0));
  });

  it('does not copy bytes', () => {
    const file = encodeIdx({ shape: [3], data: Uint8Array.of(1, 2, 3) });
    expect(parseIdx(file).data.buffer).toBe(file.buffer);
  });

  it('refuses to write a shape that does not fit', () => {
    expect(() => encodeIdx({ shape: [2, 2], data: new Uint8Array(5) })).toThrow(OptionError);
    expect(() => encodeIdx({ shape: [-1], data: new Uint8Array(0) })).toThrow(/shape\[0\] is -1; expected a whole/);
    expect(() => encodeIdx({ shape: new Array<number>(256).fill(1), data: new Uint8Array(1) })).toThrow(OptionError);
    expect(() => encodeIdx({ shape: [1], data: new Uint16Array(1) as never })).toThrow(/Uint16Array/);
  });
});
