import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckpointError, ConfigError } from '../src/errors.ts';
import { fromFloat16Bits, toFloat16Bits } from '../src/float16.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensors } from '../src/index.ts';
import { readGolden } from './optimizer-cases.ts';
import { makeFile, sampleTensors } from './safetensors-samples.ts';

const pythonFile = readFileSync(new URL('golden/python.safetensors', import.meta.url));

describe('decodeSafetensors', () => {
  it('reads what Python wrote', () => {
    const golden =
      readGolden<Record<string, { shape: number[]; values: (number | string)[] }>>('python-safetensors.json');
    const { tensors, metadata } = decodeSafetensors(pythonFile, 'python.safetensors');
    expect(metadata).toEqual({ 'written by': 'Python', größe: '数' });
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(golden).sort());
    for (const [name, { shape, values }] of Object.entries(golden)) {
      expect(tensors[name]!.shape).toEqual(shape);
      expect(Array.from(tensors[name]!.data, Number)).toEqual(values.map(Number));
    }
    expect(tensors['long']!.data[0]).toBe(2n ** 53n + 1n);
  });

  it('shares no memory with the file', () => {
    const bytes = encodeSafetensors({ a: { dtype: 'F32', shape: [1], data: Float32Array.of(5) } });
    const { tensors } = decodeSafetensors(bytes);
    bytes.fill(0);
    expect([...tensors['a']!.data]).toEqual([5]);
  });

  it('reads from the middle of a buffer at any alignment', () => {
    const bytes = encodeSafetensors(sampleTensors);
    for (const shift of [1, 2, 3]) {
      const moved = new Uint8Array(bytes.length + shift + 5);
      moved.set(bytes, shift);
      expect(decodeSafetensors(moved.subarray(shift, shift + bytes.length)).tensors).toEqual(sampleTensors);
    }
  });

  it('takes names that JavaScript objects know', () => {
    const names = ['__proto__', 'constructor', 'toString', '', '0'];
    const tensors = Object.fromEntries(
      names.map((name, i) => [name, { dtype: 'U8' as const, shape: [1], data: Uint8Array.of(i) }]),
    );
    const decoded = decodeSafetensors(encodeSafetensors(tensors)).tensors;
    expect(Object.keys(decoded).sort()).toEqual([...names].sort());
    names.forEach((name, i) =>
      expect(Object.entries(decoded).find(([key]) => key === name)![1].data).toEqual(Uint8Array.of(i)),
    );
  });
});

describe('encodeSafetensors', () => {
  it('and decode give back every dtype, bit for bit', () => {
    const { tensors, metadata } = decodeSafetensors(encodeSafetensors(sampleTensors, { step: '7' }));
    expect(tensors).toEqual(sampleTensors);
    expect(metadata).toEqual({ step: '7' });
  });

  it('and decode give back any float32, NaN and infinities too', () => {
    const anyTensors = fc.dictionary(
      fc.string().filter((name) => name !== '__metadata__'),
      fc.float32Array({ maxLength: 20 }),
    );
    fc.assert(
      fc.property(anyTensors, (arrays) => {
        const entries = Object.entries(arrays).map(([name, data]) => [
          name,
          { dtype: 'F32' as const, shape: [data.length], data },
        ]);
        const tensors = Object.fromEntries(entries) as NamedTensors;
        expect(decodeSafetensors(encodeSafetensors(tensors)).tensors).toEqual(tensors);
      }),
    );
  });

  it('gives the same bytes in whatever order tensors come', () => {
    const reversed = Object.fromEntries(Object.entries(sampleTensors).reverse());
    expect(encodeSafetensors(reversed)).toEqual(encodeSafetensors(sampleTensors));
  });

  it('aligns every tensor to its element size', () => {
    const bytes = encodeSafetensors(sampleTensors);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
      string,
      { data_offsets: number[] }
    >;
    expect(length % 8).toBe(0);
    for (const [name, { data }] of Object.entries(sampleTensors)) {
      const half = ['F16', 'BF16'].includes(sampleTensors[name]!.dtype);
      expect(header[name]!.data_offsets[0]! % (half ? 2 : data.BYTES_PER_ELEMENT)).toBe(0);
    }
  });

  it.each<[string, NamedTensors, RegExp]>([
    ['a wrong length', { w: { dtype: 'F32', shape: [2], data: new Float32Array(3) } }, /'w' must be 2 elements long/],
    ['a wrong array', { w: { dtype: 'I32', shape: [1], data: new Float32Array(1) } }, /a Int32Array for I32/],
    ['a negative size', { w: { dtype: 'F32', shape: [-1], data: new Float32Array(1) } }, /shape of 'w'/],
    ['an unknown dtype', { w: { dtype: 'F31' as 'F32', shape: [], data: new Float32Array(1) } }, /Did you mean/],
    ['the name of the metadata', { __metadata__: sampleTensors['single']! }, /another name/],
  ])('refuses %s', (_, tensors, message) => {
    expect(() => encodeSafetensors(tensors)).toThrow(ConfigError);
    expect(() => encodeSafetensors(tensors)).toThrow(message);
  });

  it('refuses metadata that is no string', () => {
    expect(() => encodeSafetensors({}, { step: 1 as unknown as string })).toThrow(/metadata 'step' must be a string/);
  });
});

describe('float16', () => {
  it('survives a round trip, all 65,536 of them', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromFloat16Bits(bits);
      if (Number.isNaN(value)) expect(Number.isNaN(fromFloat16Bits(toFloat16Bits(value)))).toBe(true);
      else if (toFloat16Bits(value) !== bits) expect.fail(`${bits} came back as ${toFloat16Bits(value)}`);
    }
  });

  it('rounds as numpy does: nearest, ties to even, into subnormals and infinity', () => {
    const golden = readGolden<{ float32Bits: number[]; float16Bits: number[] }>('float16.json');
    const values = new Float32Array(Uint32Array.from(golden.float32Bits).buffer);
    expect(Array.from(values, toFloat16Bits)).toEqual(golden.float16Bits);
  });
});

describe('hostile files', () => {
  const one = { dtype: 'U8', shape: [4], data_offsets: [0, 4] };
  const four = new Uint8Array(4);
  const files: Record<string, [Uint8Array, RegExp]> = {
    'an empty file': [new Uint8Array(0), /at least 8 bytes, found 0/],
    'seven bytes': [new Uint8Array(7), /at least 8 bytes, found 7/],
    'a header past the end': [
      makeFile('{}', four, 2 ** 40),
      /a header of at most 6 bytes, found one that claims 1099511627776/,
    ],
    'a header of 2^64 - 1 bytes': [new Uint8Array(16).fill(255), /claims 18446744073709551615/],
    'no JSON': [makeFile('{"a":', four), /a header in JSON/],
    'bad UTF-8': [new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe]), /a header in JSON/],
    'a PNG': [new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]), /a header of at most/],
    'an array as header': [makeFile('[]', new Uint8Array(0)), /a JSON object, found an array/],
    'null as header': [makeFile('null', new Uint8Array(0)), /a JSON object, found null/],
    'deep nesting': [makeFile('['.repeat(200_000), four), /header/],
    'null as entry': [makeFile({ a: null }, four), /tensor 'a': expected an object.*found null/],
    'an unknown dtype': [makeFile({ a: { ...one, dtype: 'F4' } }, four), /a dtype among F64, F32.*found "F4"/],
    'a dtype of Object': [makeFile({ a: { ...one, dtype: 'constructor' } }, four), /a dtype among/],
    'a negative size': [makeFile({ a: { ...one, shape: [-4] } }, four), /a shape of integers/],
    'a fractional size': [makeFile({ a: { ...one, shape: [0.5] } }, four), /a shape of integers/],
    'a shape past the data': [
      makeFile({ a: { ...one, shape: [2 ** 31, 2 ** 31] } }, four),
      /4611686018427388000 bytes for U8/,
    ],
    'a size of 2^53': [makeFile({ a: { ...one, shape: [2 ** 53] } }, four), /a shape of integers/],
    'offsets past the end': [makeFile({ a: { ...one, data_offsets: [0, 5], shape: [5] } }, four), /within the 4 bytes/],
    'offsets upside down': [makeFile({ a: { ...one, data_offsets: [4, 0] } }, four), /in order/],
    'three offsets': [makeFile({ a: { ...one, data_offsets: [0, 4, 4] } }, four), /two integers/],
    'a gap': [makeFile({ a: { ...one, shape: [3], data_offsets: [1, 4] } }, four), /from byte 0, found byte 1: a gap/],
    'an overlap': [makeFile({ a: one, b: { ...one } }, four), /found byte 0: an overlap/],
    'bytes to spare': [makeFile({ a: one }, new Uint8Array(9)), /4 bytes of data, as the header says, found 9/],
    'metadata that is a list': [makeFile({ __metadata__: ['a'] }, new Uint8Array(0)), /tensor '__metadata__'/],
    'metadata with numbers': [makeFile({ __metadata__: { a: 1 } }, new Uint8Array(0)), /strings by name/],
  };

  it.each(Object.entries(files))('%s', (_, [bytes, message]) => {
    expect(() => decodeSafetensors(bytes, 'foreign.bin')).toThrow(CheckpointError);
    expect(() => decodeSafetensors(bytes, 'foreign.bin')).toThrow(message);
    expect(() => decodeSafetensors(bytes, 'foreign.bin')).toThrow(/foreign\.bin/);
  });

  it('cut short anywhere, or with any byte changed, give a CheckpointError or tensors, never another error', () => {
    const whole = encodeSafetensors(sampleTensors, { step: '7' });
    for (let length = 0; length < whole.length; length++) expectRefusal(whole.subarray(0, length));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (position, value) => {
        const changed = whole.slice();
        changed[position] = value;
        decodeOrRefuse(changed);
      }),
      { numRuns: 2000 },
    );
  });

  it('of random bytes likewise', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), decodeOrRefuse));
    fc.assert(fc.property(fc.json(), (header) => decodeOrRefuse(makeFile(header, new Uint8Array(8)))));
  });
});

function expectRefusal(bytes: Uint8Array): void {
  expect(() => decodeSafetensors(bytes)).toThrow(CheckpointError);
}

function decodeOrRefuse(bytes: Uint8Array): void {
  try {
    decodeSafetensors(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError);
  }
}
