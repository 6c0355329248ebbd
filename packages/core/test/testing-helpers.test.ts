import { beforeAll, describe, expect, it } from 'vitest';
import { tf, useBackend } from '../src/index.ts';
import { describeBackends, expectNoLeak, expectTensorsClose } from '../src/testing.ts';

const seen: string[] = [];

describeBackends(
  'describeBackends',
  (name) => {
    it('makes the backend the current one', () => {
      seen.push(name);
      expect(tf.getBackend()).toBe(name);
    });
  },
  ['cpu'],
);

describe('describeBackends', () => {
  it('called the body once for each backend', () => expect(seen).toEqual(['cpu']));
});

describe('expectNoLeak', () => {
  beforeAll(() => useBackend('cpu').then(() => undefined));

  it('passes where as many tensors are left as there were', async () => {
    expectNoLeak(() => tf.scalar(1).dispose());
    await expectNoLeak(async () => tf.dispose(await Promise.resolve(tf.scalar(1))));
  });

  it('counts tensors that are left, or disposed without right', async () => {
    const kept = tf.scalar(1);
    expect(() => expectNoLeak(() => tf.scalar(2))).toThrow(/1 more than before/);
    await expect(expectNoLeak(async () => [tf.scalar(2), tf.scalar(3)])).rejects.toThrow(/2 more than before/);
    expect(() => expectNoLeak(() => kept.dispose())).toThrow(/1 fewer than before/);
  });

  it('passes errors on', async () => {
    const fail = () => {
      throw new Error('own');
    };
    expect(() => expectNoLeak(fail)).toThrow('own');
    await expect(expectNoLeak(() => Promise.reject(new Error('own')))).rejects.toThrow('own');
  });
});

describe('expectTensorsClose', () => {
  const actual = () => tf.tensor2d([1, 2, NaN, Infinity], [2, 2]);

  it('takes tensors, arrays and numbers', () => {
    tf.tidy(() => {
      expectTensorsClose(actual(), actual());
      expectTensorsClose(actual(), [1.000001, 2, NaN, Infinity]);
      expectTensorsClose(tf.scalar(3), 3);
      expectTensorsClose(tf.tensor1d([]), []);
      expectTensorsClose(tf.scalar(100), 101, { relative: 0.01 });
    });
  });

  it('names the worst element', () => {
    const compare = (values: number[]) => () => tf.tidy(() => expectTensorsClose(actual(), values));
    expect(compare([1, 3, NaN, Infinity])).toThrow('1 of 4 values differ. Worst at [0, 1]: expected 3, found 2.');
    expect(compare([0, 2, 0, Infinity])).toThrow('2 of 4 values differ. Worst at [1, 0]: expected 0, found NaN.');
    expect(compare([1, 2, NaN, -Infinity])).toThrow('Worst at [1, 1]: expected -Infinity, found Infinity.');
    expect(compare([1])).toThrow('Expected 1 values, found 4.');
  });

  it('compares the shapes of two tensors', () => {
    const compare = () => tf.tidy(() => expectTensorsClose(tf.zeros([2, 1]), tf.zeros([1, 2])));
    expect(compare).toThrow('Expected shape [1, 2], found [2, 1].');
  });
});
