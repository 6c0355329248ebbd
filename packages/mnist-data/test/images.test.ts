import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classCounts, filterClasses, oneHot, OptionError, subset, toFloat, withRareClass } from '../src/index.ts';
import { makeImages } from './make-images.ts';

const images = makeImages(100);

describe('toFloat', () => {
  const ramp = {
    images: Uint8Array.from({ length: 256 }, (_, k) => k),
    labels: Uint8Array.of(0),
    count: 1,
    rows: 16,
    cols: 16,
  };

  it('maps 0..255 to [0, 1] and to [-1, 1], each correctly rounded', () => {
    expect(toFloat(ramp, 'all')).toEqual(Float32Array.from(ramp.images, (pixel) => pixel / 255));
    expect(toFloat(ramp, 'all', 'signed')).toEqual(Float32Array.from(ramp.images, (pixel) => (pixel * 2) / 255 - 1));
    const signed = toFloat(ramp, [0], 'signed');
    expect([signed[0], signed[255]]).toEqual([-1, 1]);
  });

  it('gives pictures in the order asked for, for any size of picture', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 99 })), fc.integer({ min: 1, max: 6 }), (indices, cols) => {
        const narrow = { ...images, images: images.images.slice(0, 100 * cols), rows: 1, cols };
        const expected = indices.flatMap((k) =>
          [...narrow.images.subarray(k * cols, (k + 1) * cols)].map((p) => p / 255),
        );
        expect(toFloat(narrow, indices)).toEqual(Float32Array.from(expected));
      }),
    );
  });

  it('writes into an array that is given, and only one that fits', () => {
    const out = new Float32Array(12);
    expect(toFloat(images, [3, 4], 'unit', out)).toBe(out);
    expect(out[11]).toBe(Math.fround(4 / 255));
    expect(() => toFloat(images, [3], 'unit', out)).toThrow(/out.length is 12; expected 6/);
  });

  it.each([-1, 100, 1.5, NaN])('refuses index %d', (index) => {
    expect(() => toFloat(images, [0, index])).toThrow(/indices\[1\] is .*; expected a whole number from 0 to 99/);
    expect(() => subset(images, [index])).toThrow(OptionError);
  });
});

describe('oneHot', () => {
  it('puts a one at the label', () => {
    expect([...oneHot([1, 0], 3)]).toEqual([0, 1, 0, 1, 0, 0]);
    expect(() => oneHot([0, 3], 3)).toThrow(/labels\[1\] is 3; expected a whole number from 0 to 2/);
  });
});

describe('filterClasses', () => {
  it('keeps the pictures of some classes, in order, with their labels', () => {
    const some = filterClasses(images, [7, 2]);
    expect([...some.labels]).toEqual(Array.from({ length: 20 }, (_, k) => (k % 2 ? 7 : 2)));
    expect([some.count, some.images[6], some.images.length]).toEqual([20, 7, 120]);
  });

  it('refuses no class, and what is none', () => {
    expect(() => filterClasses(images, [])).toThrow(OptionError);
    expect(() => filterClasses(images, [1, 256])).toThrow(/classes\[1\] is 256/);
  });
});

describe('withRareClass', () => {
  it('keeps some of one class and all of the others, in order', () => {
    fc.assert(
      fc.property(fc.nat({ max: 9 }), fc.nat({ max: 10 }), fc.maxSafeNat(), (label, keep, seed) => {
        const rare = withRareClass(images, { label, keep, seed });
        const counts = Array.from({ length: 10 }, (_, other) => (other === label ? keep : 10));
        expect([...classCounts(rare.labels)]).toEqual(counts);
        const order = Array.from({ length: rare.count }, (_, k) => rare.images[k * 6]!);
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }),
    );
  });

  it('chooses by seed, and the few are among the many', () => {
    const chosen = (seed: number, keep: number) =>
      new Set(filterClasses(withRareClass(images, { label: 4, keep, seed }), [4]).images);
    expect(chosen(1, 5)).toEqual(chosen(1, 5));
    expect(chosen(1, 5)).not.toEqual(chosen(2, 5));
    expect([...chosen(1, 8)]).toEqual(expect.arrayContaining([...chosen(1, 5)]));
  });

  it('refuses more than there are, and a class that is not there', () => {
    expect(() => withRareClass(images, { label: 4, keep: 11, seed: 1 })).toThrow(/keep is 11; .* from 0 to 10/);
    expect(() => withRareClass(images, { label: 77, keep: 1, seed: 1 })).toThrow(/label is 77/);
  });
});

describe('classCounts', () => {
  it('refuses a label that is no class', () => {
    expect(() => classCounts(Uint8Array.of(1, 10))).toThrow(/labels\[1\] is 10/);
  });
});
