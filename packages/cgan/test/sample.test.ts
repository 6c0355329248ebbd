import { ConfigError, tf } from '@lab/core';
import { expectNoLeak, expectTensorsClose } from '@lab/core/testing';
import { sampleFrom } from '@lab/gan';
import { describe, expect, it } from 'vitest';
import { type SampleRequest, classByStyle, sample } from '../src/index.ts';
import { onCpu } from './cpu.ts';
import { kinds } from './small-cgan.ts';

onCpu();

const gan = () => kinds['reference']!.make();

describe('sample', () => {
  it('is the same for the same seed, and another for another seed or label', () => {
    const model = gan();
    expectNoLeak(() =>
      tf.tidy(() => {
        const values = (label: number, seed: number, batchSize = 500) => [
          ...sample(model, { label, count: 5, seed, batchSize }).dataSync(),
        ];
        expect(sample(model, { label: 1 }).shape).toEqual([64, 4, 5, 1]);
        expect(values(1, 3)).toEqual(values(1, 3));
        expect(values(1, 3)).not.toEqual(values(1, 4));
        expect(values(1, 3)).not.toEqual(values(2, 3));
        expectTensorsClose(tf.tensor1d(values(1, 3, 2)), values(1, 3));
      }),
    );
  });

  it("paints from latents at the GAN's temperature, or another", () => {
    const model = gan();
    tf.tidy(() => {
      const usual = sample(model, { label: 1, count: 3 });
      const cool = sample(model, { label: 1, count: 3, temperature: 0.5 });
      expect([...cool.dataSync()]).not.toEqual([...usual.dataSync()]);
      expectTensorsClose(sample({ ...model, temperature: 0.5 }, { label: 1, count: 3 }), cool);
    });
  });

  it('takes a list of labels', () => {
    const model = gan();
    tf.tidy(() => {
      const both = sample(model, { label: [0, 2], seed: 3 });
      const twos = sample(model, { label: 2, count: 2, seed: 3 });
      expect(both.shape[0]).toBe(2);
      expectTensorsClose(tf.slice(both, 1, 1), tf.slice(twos, 1, 1));
    });
  });

  it.each([
    [{ label: 3 }, /label must be an integer from 0 to 2, not 3/],
    [{ label: -1 }, /label must be/],
    [{}, /label must be a class, or a list/],
    [{ label: '2' }, /label must be a class, or a list/],
    [{ label: 1.5 }, /label must be/],
    [{ label: 1, count: 0 }, /count/],
    [{ label: [], count: 1 }, /count/],
    [{ label: [0, 1], count: 3 }, /count must be 2/],
    [{ label: 1, sede: 3 }, /Did you mean 'seed'/],
    [{ label: 1, seed: -3 }, /seed/],
    [{ label: 1, temperature: 0 }, /temperature/],
  ])('refuses %o', (request, message) => {
    const model = gan();
    expectNoLeak(() => {
      expect(() => sample(model, request as SampleRequest)).toThrow(ConfigError);
      expect(() => sample(model, request as SampleRequest)).toThrow(message);
    });
  });

  it('is not what a GAN without classes does', () => {
    const { classes: _, ...plain } = gan();
    const latents = tf.zeros<tf.Rank.R2>([1, 4]);
    expect(() => sampleFrom(plain, latents, { labels: [0] })).toThrow(/not conditional/);
    expect(() => sampleFrom(gan(), latents)).toThrow(/number of labels/);
    latents.dispose();
  });
});

describe('classByStyle', () => {
  it('has the same latent down a column, and the same class along a row', () => {
    const model = gan();
    tf.tidy(() => {
      const grid = tf.reshape(classByStyle(model, { styles: 4, seed: 9 }), [3, 4, 20]);
      for (const label of [0, 1, 2]) {
        const row = tf.reshape(sample(model, { label, count: 4, seed: 9 }), [1, 4, 20]);
        expectTensorsClose(tf.slice(grid, label, 1), row);
      }
    });
  });
});
