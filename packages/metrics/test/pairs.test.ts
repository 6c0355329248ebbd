import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { areaUnderRoc, peakSignalToNoise, structuralSimilarity } from '../src/index.ts';

interface OfPairs {
  readonly other: number;
  readonly near: number;
}

/** What golden/make_pairs.py wrote. */
const golden = JSON.parse(readFileSync(new URL('golden/pairs.json', import.meta.url), 'utf8')) as {
  readonly structuralSimilarity: OfPairs;
  readonly peakSignalToNoise: OfPairs;
  readonly areaUnderRoc: number;
};

/** As golden/make_pairs.py makes them. */
const picture = (factor: number, modulus: number) =>
  Float32Array.from({ length: 13 * 15 }, (_, at) => ((at * factor) % modulus) / (modulus - 1));
const [a, b] = [picture(37, 101), picture(53, 97)];
const near = a.map((value, i) => Math.min(1, Math.max(0, value + 0.1 * (b[i]! - 0.5))));
const together = (...parts: Float32Array[]) => ({
  data: Float32Array.from(parts.flatMap((part) => [...part])),
  shape: [parts.length, 13, 15, 1],
});

describe('structural similarity', () => {
  it('agrees with SciPy, and is 1 for equal pictures', () => {
    const [other, close, same] = structuralSimilarity(together(a, a, a), together(b, near, a));
    expect(other).toBeCloseTo(golden.structuralSimilarity.other, 6);
    expect(close).toBeCloseTo(golden.structuralSimilarity.near, 6);
    expect(same).toBeCloseTo(1, 12);
  });

  it('is the same the other way round', () => {
    expect(structuralSimilarity(together(b), together(a))).toEqual(structuralSimilarity(together(a), together(b)));
  });
});

describe('the peak signal-to-noise ratio', () => {
  it('agrees with NumPy, and is infinite for equal pictures', () => {
    expect(peakSignalToNoise(together(a), together(b))).toBeCloseTo(golden.peakSignalToNoise.other, 5);
    expect(peakSignalToNoise(together(near), together(a))).toBeCloseTo(golden.peakSignalToNoise.near, 5);
    expect(peakSignalToNoise(together(a), together(a))).toBe(Infinity);
  });

  it('is of the mean over all pictures, a tenth off being 20 dB', () => {
    const [black, grey] = [new Float32Array(195), new Float32Array(195).fill(0.1)];
    expect(peakSignalToNoise(together(black), together(grey))).toBeCloseTo(20);
    expect(peakSignalToNoise(together(black, black), together(grey, black))).toBeCloseTo(20 + 10 * Math.log10(2));
  });
});

describe('the area under the ROC', () => {
  it('is the chance of a higher score, ties half', () => {
    expect(areaUnderRoc([1, 2, 3], [4, 5])).toBe(1);
    expect(areaUnderRoc([4, 5], [1, 2, 3])).toBe(0);
    expect(areaUnderRoc([1, 1], [1])).toBe(0.5);
    expect(areaUnderRoc([1, 3], [2, 3])).toBe((1 + 0 + 1 + 0.5) / 4);
  });

  it('agrees with SciPy where many scores are equal', () => {
    const negatives = Array.from({ length: 60 }, (_, i) => (i * 17) % 23);
    const positives = Array.from({ length: 40 }, (_, i) => ((i * 13) % 29) + 2);
    expect(areaUnderRoc(negatives, positives)).toBeCloseTo(golden.areaUnderRoc, 12);
  });
});
