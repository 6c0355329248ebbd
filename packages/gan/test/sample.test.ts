import { ConfigError, RandomKey, tf } from '@lab/core';
import { expectNoLeak, expectTensorsClose } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import { goodfellow, interpolateLatents, latentWalk, sample, sampleFrom } from '../src/index.ts';
import { onCpu } from './cpu.ts';
import { smallTraining } from './small-gan.ts';

const key = RandomKey.fromSeed(21);

onCpu();

describe('sample', () => {
  it('gives images in the range of G’s output, the same for the same key, and leaks nothing', () => {
    const { gan } = smallTraining();
    expectNoLeak(() => {
      const [one, same, other] = [key, key, key.child(1)].map((k) => sample(gan, k, 7));
      expect(one!.shape).toEqual([7, 4, 5, 1]);
      expect(one!.dataSync().every((pixel) => pixel >= 0 && pixel <= 1)).toBe(true);
      expect(same!.dataSync()).toEqual(one!.dataSync());
      expect(other!.dataSync()).not.toEqual(one!.dataSync());
      tf.dispose([one!, same!, other!]);
    });
  });

  it('does not depend on how many go through G at a time, and equals the model', () => {
    const { gan } = smallTraining();
    expectNoLeak(() => {
      tf.tidy(() => {
        const z = key.normal<tf.Rank.R2>([7, 3]);
        const wanted = gan.generator.predict(z) as tf.Tensor;
        for (const batchSize of [1, 3, 7, 100]) expectTensorsClose(sampleFrom(gan, z, { batchSize }), wanted);
      });
    });
  });

  it('drops nothing and works through any layers', () => {
    const gan = goodfellow(key, { generatorUnits: 4, maxoutUnits: 2 });
    expectNoLeak(() => sample(gan, key, 2).dispose());
  });

  it('shows an interpolation and a walk', () => {
    const { gan } = smallTraining();
    expectNoLeak(() => {
      const line = interpolateLatents(Float32Array.of(1, 0, 0), Float32Array.of(0, 1, 0), 5);
      const walk = latentWalk(gan, key, { stops: 3, stepsBetween: 4 });
      const pictures = [line, walk].map((latents) => sampleFrom(gan, latents));
      expect(pictures.map(({ shape }) => shape[0])).toEqual([5, 9]);
      tf.dispose(pictures);
    });
  });

  it.each([0, -1, 1.5])('rejects %d samples', (count) => {
    expect(() => sample(smallTraining().gan, key, count)).toThrow(ConfigError);
  });

  it('rejects latents of another shape', () => {
    const { gan } = smallTraining();
    expect(() => sampleFrom(gan, { data: new Float32Array(8), shape: [2, 4] })).toThrow(/\[N, 3\].*\[2, 4\]/);
    expect(() => sampleFrom(gan, { data: new Float32Array(0), shape: [0, 3] })).toThrow(ConfigError);
  });
});
