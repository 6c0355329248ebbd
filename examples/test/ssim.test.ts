import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { structuralSimilarity } from '../src/adversarial/ssim.ts';

const golden = JSON.parse(readFileSync(new URL('golden/ssim.json', import.meta.url), 'utf8')) as Record<string, number>;

/** As golden/make_ssim.py makes them. */
const picture = (factor: number, modulus: number) =>
  Float32Array.from({ length: 13 * 15 }, (_, at) => ((at * factor) % modulus) / (modulus - 1));
const [a, b] = [picture(37, 101), picture(53, 97)];
const near = a.map((value, i) => Math.min(1, Math.max(0, value + 0.1 * (b[i]! - 0.5))));
const together = (...parts: Float32Array[]) => ({
  data: Float32Array.from(parts.flatMap((part) => [...part])),
  shape: [parts.length, 13, 15, 1],
});

it('agrees with scipy, and is 1 for equal pictures', () => {
  const [other, close, same] = structuralSimilarity(together(a, a, a), together(b, near, a));
  expect(other).toBeCloseTo(golden['other']!, 6);
  expect(close).toBeCloseTo(golden['near']!, 6);
  expect(same).toBeCloseTo(1, 12);
});
