import { expect, it } from 'vitest';
import { ConfigError, cosineDecay } from '../src/index.ts';

it('falls along half a cosine to 0 and stays there', () => {
  const rate = cosineDecay({ learningRate: 0.1, steps: 100 });
  expect([0, 25, 50, 75, 100, 150].map(rate)).toEqual(
    [0.1, 0.05 * (1 + Math.SQRT1_2), 0.05, 0.05 * (1 - Math.SQRT1_2), 0, 0].map(
      (value) => expect.closeTo(value, 12) as number,
    ),
  );
});

it('rises first, if it is told to', () => {
  const plain = cosineDecay({ learningRate: 0.1, steps: 100 });
  const rate = cosineDecay({ learningRate: 0.1, steps: 100, warmup: 10 });
  expect(rate(1)).toBeCloseTo(plain(1) / 10, 12);
  expect(rate(10)).toBe(plain(10));
  expect(rate(60)).toBe(plain(60));
});

it.each([
  { learningRate: 0, steps: 10 },
  { learningRate: 0.1, steps: 0 },
  { learningRate: 0.1, steps: 10, warmup: -1 },
])('refuses %j', (options) => {
  expect(() => cosineDecay(options)).toThrow(ConfigError);
});
