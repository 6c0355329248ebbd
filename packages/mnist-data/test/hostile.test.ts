import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { collectIdx, type IdxLimits } from '../src/idx-collector.ts';
import { DataFormatError, encodeIdx, parseIdx } from '../src/index.ts';

const small = encodeIdx({ shape: [2, 2, 2], data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) });

function header(code: number, ...shape: number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length);
  bytes.set([0, 0, code, shape.length]);
  shape.forEach((size, axis) => new DataView(bytes.buffer).setUint32(4 + 4 * axis, size));
  return bytes;
}

function errorOf(parse: () => unknown): DataFormatError {
  try {
    parse();
  } catch (error) {
    if (error instanceof DataFormatError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** A stream that counts how much of it was asked for. */
function counted(chunks: readonly Uint8Array[]) {
  const stream = { taken: 0, chunks: generate() };
  async function* generate(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) {
      stream.taken++;
      yield chunk;
    }
  }
  return stream;
}

const limits = (storedBytes: number, gzipped = true): IdxLimits => {
  return { source: 'f.gz', storedBytes, gzipped, maxBytes: 2 ** 30 };
};

describe('parseIdx on bytes that are not what they claim', () => {
  it.each([
    ['nothing', new Uint8Array(0), 0, /has 0 bytes/],
    ['three bytes', small.subarray(0, 3), 3, /has 3 bytes/],
    ['half a header', small.subarray(0, 9), 9, /breaks off within the header, which takes 16 bytes/],
    ['one byte too few', small.subarray(0, 23), 23, /truncated.*shape \[2, 2, 2\], so 24 bytes; there are 23/],
    ['one byte too many', new Uint8Array([...small, 0]), 24, /oversized.*so 24 bytes; there are 25/],
    ['a PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d), 0, /is no IDX file: it begins with 89 50 4e 47/],
    ['a gzipped file', gzipSync(small), 0, /is gzipped; inflate it first/],
    ['an unknown type', header(0x0a, 1), 2, /element type 0a; IDX knows 08 \(uint8\)/],
    ['2^31 images', header(0x08, 2 ** 31, 28, 28), 16, /truncated.*so 1683627180048 bytes; there are 16/],
    ['sizes beyond counting', header(0x0e, ...new Array<number>(255).fill(0xffffffff)), 1024, /truncated/],
  ])('%s', (_, bytes, offset, message) => {
    const error = errorOf(() => parseIdx(bytes, 'some-file'));
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(`some-file, byte ${offset}: `);
    expect(error).toMatchObject({ name: 'DataFormatError', source: 'some-file', offset });
  });

  it('never throws anything else, whatever the bytes', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 40 }).map((tail) => Uint8Array.of(0, 0, 8, 1, ...tail)),
    );
    fc.assert(
      fc.property(anything, (bytes) => {
        try {
          const { shape, data } = parseIdx(bytes);
          expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
        } catch (error) {
          expect(error).toBeInstanceOf(DataFormatError);
        }
      }),
    );
  });
});

describe('collectIdx', () => {
  it('gathers a file from chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: small.length })), async (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), small.length];
        const chunks = edges.slice(1).map((edge, k) => small.subarray(edges[k], edge));
        expect(await collectIdx(counted(chunks).chunks, limits(30))).toEqual(parseIdx(small));
      }),
    );
  });

  it('refuses, on the first chunk, a plain file whose size its header belies', async () => {
    const stream = counted([header(0x08, 2 ** 31, 28, 28), new Uint8Array(100)]);
    await expect(collectIdx(stream.chunks, limits(116, false))).rejects.toThrow(/truncated.*there are 116/);
    expect(stream.taken).toBe(1);
  });

  it('refuses, on the first chunk, a promise that so few gzipped bytes cannot keep', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const stream = counted([header(0x08, 2 ** 31, 28, 28), new Uint8Array(100)]);
    await expect(collectIdx(stream.chunks, limits(5000))).rejects.toThrow(/5000 gzipped bytes cannot hold that many/);
    expect(stream.taken).toBe(1);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
  });

  it('refuses, on the first chunk, a promise that could be kept but is over the limit', async () => {
    const stream = counted([header(0x08, 2 ** 31, 28, 28)]);
    await expect(collectIdx(stream.chunks, limits(2 ** 31))).rejects.toThrow(/too large.*raise maxBytes/);
  });

  it('leaves a bomb as soon as it gives more than its header promised', async () => {
    const stream = counted([header(0x08, 2, 2, 2), new Uint8Array(8), new Uint8Array(1), new Uint8Array(1)]);
    await expect(collectIdx(stream.chunks, limits(100))).rejects.toThrow(/oversized.*so 24 bytes; there are more/);
    expect(stream.taken).toBe(3);
  });

  it('refuses a stream that ends early, within the header or after it', async () => {
    await expect(collectIdx(counted([small.subarray(0, 10)]).chunks, limits(100))).rejects.toThrow(/within the header/);
    await expect(collectIdx(counted([small.subarray(0, 20)]).chunks, limits(100))).rejects.toThrow(/there are 20/);
    await expect(collectIdx(counted([]).chunks, limits(0))).rejects.toThrow(/has 0 bytes/);
  });
});
