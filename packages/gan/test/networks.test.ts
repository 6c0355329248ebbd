import { ConfigError, RandomKey, tf } from '@lab/core';
import { expectTensorsClose } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import { type Gan, drawLatents, referenceMlp } from '../src/index.ts';
import { onCpu } from './cpu.ts';
import { disposeGan, shapes, spread, values } from './look-at-weights.ts';

const key = RandomKey.fromSeed(11);

onCpu();

describe('referenceMlp', () => {
  it('is 100-128-784 and 784-128-1, from N(0, 1 / sqrt(inputs / 2)) and zeros', () => {
    const gan = referenceMlp(key);
    expect(shapes(gan.generator)).toEqual([[100, 128], [128], [128, 784], [784]]);
    expect(shapes(gan.discriminator)).toEqual([[784, 128], [128], [128, 1], [1]]);
    expect(gan.generator.outputs[0]!.shape).toEqual([null, 28, 28, 1]);
    const [first, bias, second] = gan.generator.weights.map(values);
    expect(spread(first!).std).toBeCloseTo(1 / Math.sqrt(50), 2);
    expect(spread(second!).std).toBeCloseTo(1 / Math.sqrt(64), 2);
    expect(spread(bias!)).toEqual({ mean: 0, std: 0 });
    disposeGan(gan);
  });

  it('has in D what it is told to have there', () => {
    const layersOf = (options: object) => {
      const gan = referenceMlp(key, options);
      const names = gan.discriminator.layers.slice(2).map((layer) => layer.getClassName());
      disposeGan(gan);
      return names;
    };
    expect(layersOf({})).toEqual(['Dense', 'Dense']);
    expect(layersOf({ dNorm: 'spectral' })).toEqual(['SpectralDense', 'ReLU', 'SpectralDense']);
    expect(layersOf({ minibatchStdDev: true })).toEqual(['Dense', 'MinibatchStdDev', 'Dense']);
    expect(() => referenceMlp(key, { dNorm: 'batch' } as object)).toThrow(/dNorm/);
  });

  it('begins the same for the same key, and differently for another', () => {
    const [one, same, other] = [key, key, key.child(1)].map((k) =>
      referenceMlp(k, { hidden: 4, imageShape: [2, 2, 1] }),
    );
    const of = (gan: Gan) => [...gan.generator.weights, ...gan.discriminator.weights].map(values);
    expect(of(same!)).toEqual(of(one!));
    expect(of(other!)).not.toEqual(of(one!));
    for (const gan of [one, same, other]) disposeGan(gan!);
  });

  it.each([
    [{ latentDim: 0 }, 'latentDim'],
    [{ hidden: 1.5 }, 'hidden'],
    [{ imageShape: [28, 28] }, 'imageShape'],
    [{ imageShape: [28, -1, 1] }, 'imageShape'],
    [{ hiden: 3 }, 'hidden'],
  ])('rejects %j', (options, named) => {
    expect(() => referenceMlp(key, options as never)).toThrow(ConfigError);
    expect(() => referenceMlp(key, options as never)).toThrow(named);
  });
});

describe('drawLatents', () => {
  it.each([
    ['normal', Infinity, 1],
    ['uniform', 1, 1 / Math.sqrt(3)],
    ['wideUniform', Math.sqrt(3), 1],
  ] as const)('%s has its limits and its spread', (latent, limit, std) => {
    const z = drawLatents({ latent, latentDim: 100 }, key, 100);
    const numbers = z.dataSync();
    expect(z.shape).toEqual([100, 100]);
    expect(Math.max(...numbers.map(Math.abs))).toBeLessThanOrEqual(limit);
    expect(Math.abs(spread(numbers).std - std)).toBeLessThan(0.03);
    z.dispose();
  });

  it.each(['normal', 'uniform'] as const)('%s are nearer to zero at a lower temperature', (latent) => {
    const [usual, cool] = [1, 0.5].map((temperature) => drawLatents({ latent, latentDim: 100, temperature }, key, 3));
    expectTensorsClose(tf.mul(usual!, 0.5), cool!);
  });

  it('refuses a temperature that is not above 0', () => {
    expect(() => drawLatents({ latent: 'normal', latentDim: 2, temperature: 0 }, key, 3)).toThrow(/temperature/);
  });
});
