import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  endlessBatches,
  epochBatches,
  OptionError,
  orderedBatches,
  shuffledIndices,
  type Batch,
} from '../src/index.ts';
import { makeImages } from './make-images.ts';

const counts = fc.integer({ min: 1, max: 60 });
const sizes = fc.integer({ min: 1, max: 80 });
const seeds = fc.maxSafeNat();

function take(batches: Iterable<Batch>, count: number): Batch[] {
  const taken: Batch[] = [];
  for (const batch of batches) if (taken.push(batch) === count) break;
  return taken;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
const sorted = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);
const indicesOf = (batches: readonly Batch[]): number[] => batches.flatMap(({ indices }) => [...indices]);

describe('shuffledIndices', () => {
  it('holds every index once, and is the same each time', () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), seeds, seeds, (count, seed, epoch) => {
        const indices = shuffledIndices(count, { seed, epoch });
        expect(sorted(indices)).toEqual(upTo(count));
        expect(shuffledIndices(count, { seed, epoch })).toEqual(indices);
      }),
    );
  });

  it('gives the order it always gave', () => {
    expect([...shuffledIndices(10, { seed: 0 })]).toEqual([4, 6, 3, 0, 8, 2, 1, 5, 9, 7]);
    expect([...shuffledIndices(10, { seed: 7, epoch: 3 })]).toEqual([3, 4, 1, 2, 9, 7, 0, 8, 5, 6]);
  });

  it('changes with every bit of seed and epoch', () => {
    const numbers = [0, 1, 2, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 52];
    const orders = numbers.flatMap((seed) => numbers.map((epoch) => shuffledIndices(50, { seed, epoch }).join()));
    expect(new Set(orders).size).toBe(numbers.length ** 2);
  });

  it('puts every index at every place equally often', () => {
    const [count, passes] = [8, 4000];
    const seen = new Float64Array(count * count);
    for (let epoch = 0; epoch < passes; epoch++) {
      shuffledIndices(count, { seed: 1, epoch }).forEach((index, place) => seen[index * count + place]!++);
    }
    const expected = passes / count;
    const chiSquare = seen.reduce((sum, observed) => sum + (observed - expected) ** 2 / expected, 0);
    // 49 degrees of freedom: 99.99% of fair shuffles stay below 95, and the seed is fixed.
    expect(chiSquare).toBeLessThan(95);
  });

  it.each([{ seed: -1 }, { seed: 0.5 }, { seed: NaN }, { seed: 2 ** 53 }, { seed: 0, epoch: -1 }])(
    'refuses %j',
    (options) => expect(() => shuffledIndices(3, options)).toThrow(OptionError),
  );
});

describe('epochBatches', () => {
  it('gives every picture exactly once', () => {
    fc.assert(
      fc.property(counts, sizes, seeds, fc.nat(), (count, batchSize, seed, epoch) => {
        const images = makeImages(count);
        const batches = [...epochBatches(images, { batchSize, seed, epoch })];
        expect(sorted(indicesOf(batches))).toEqual(upTo(count));
        batches.forEach((batch, step) => {
          expect(batch).toMatchObject({ step, epoch, shape: [batch.indices.length, 2, 3, 1] });
          expect([...batch.labels]).toEqual([...batch.indices].map((index) => index % 10));
          expect([...batch.data]).toEqual([...batch.indices].flatMap((k) => upTo(6).map(() => Math.fround(k / 255))));
        });
      }),
    );
  });

  it('leaves out just the tail, if told to', () => {
    const options = { batchSize: 4, seed: 5 };
    const all = [...epochBatches(makeImages(10), options)];
    expect(all.map(({ labels }) => labels.length)).toEqual([4, 4, 2]);
    expect([...epochBatches(makeImages(10), { ...options, dropLast: true })]).toEqual(all.slice(0, 2));
    expect(() => epochBatches(makeImages(3), { ...options, dropLast: true })).toThrow(/at most the 3 pictures/);
  });
});

describe('orderedBatches', () => {
  it('goes through the pictures as they are stored', () => {
    const batches = [...orderedBatches(makeImages(7), { batchSize: 3, range: 'signed' })];
    expect(indicesOf(batches)).toEqual(upTo(7));
    expect(batches[0]!.data[0]).toBe(-1);
  });
});

describe('endlessBatches', () => {
  it('gives every picture exactly once in each epoch, whatever the batch size', () => {
    fc.assert(
      fc.property(counts, sizes, seeds, (count, batchSize, seed) => {
        const batches = take(
          endlessBatches(makeImages(count), { batchSize, seed }),
          Math.ceil((3 * count) / batchSize),
        );
        const indices = indicesOf(batches);
        for (let epoch = 0; epoch < 3; epoch++) {
          const pass = indices.slice(epoch * count, (epoch + 1) * count);
          expect(pass).toEqual([...shuffledIndices(count, { seed, epoch })]);
        }
        batches.forEach((batch, step) => {
          expect(batch).toMatchObject({ step, epoch: Math.floor((step * batchSize) / count) });
          expect(batch.labels.length).toBe(batchSize);
        });
      }),
    );
  });

  it('resumes as if it had never stopped', () => {
    fc.assert(
      fc.property(counts, sizes, seeds, fc.nat({ max: 20 }), (count, batchSize, seed, startStep) => {
        const images = makeImages(count);
        const whole = take(endlessBatches(images, { batchSize, seed }), startStep + 4);
        expect(take(endlessBatches(images, { batchSize, seed, startStep }), 4)).toEqual(whole.slice(startStep));
      }),
    );
  });

  it('resumes far into a stream at once', () => {
    const [batch] = take(endlessBatches(makeImages(3), { batchSize: 2, seed: 0, startStep: 2 ** 50 }), 1);
    expect(batch).toMatchObject({ step: 2 ** 50, epoch: Math.floor(2 ** 51 / 3) });
  });

  it('gives arrays of its own each time, unless told to reuse them', () => {
    const images = makeImages(9);
    const [a, b] = take(endlessBatches(images, { batchSize: 4, seed: 1 }), 2);
    expect(a!.data).not.toBe(b!.data);
    const [c, d] = take(endlessBatches(images, { batchSize: 4, seed: 1, reuseArrays: true }), 2);
    expect(c!.data).toBe(d!.data);
    expect(d).toEqual(b);
  });

  it.each([
    [{ batchSize: 0, seed: 1 }, /batchSize is 0; expected a whole number from 1/],
    [{ batchSize: 2.5, seed: 1 }, /batchSize is 2.5/],
    [{ batchSize: '8', seed: 1 }, /batchSize is '8'/],
    [{ batchSize: 8 }, /seed is undefined; expected a whole number from 0 to 2\^53 - 1/],
    [{ batchSize: 8, seed: 1, startStep: -1 }, /startStep is -1/],
    [{ batchSize: 8, seed: 1, startStep: 2 ** 52 }, /startStep is/],
    [{ batchSize: 8, seed: 1, range: 'byte' }, /range is 'byte'; expected one of 'unit', 'signed'/],
    [{ batchSize: 8, seed: 1, reuseArrays: 1 }, /reuseArrays is 1; expected true or false/],
  ])('refuses %j before the first batch is asked for', (options, message) => {
    expect(() => endlessBatches(makeImages(9), options as never)).toThrow(message);
    expect(() => endlessBatches(makeImages(9), options as never)).toThrow(OptionError);
  });

  it('refuses to go round in nothing', () => {
    expect(() => endlessBatches(makeImages(0), { batchSize: 1, seed: 0 })).toThrow(/images.count is 0/);
  });
});
