import { describe, expect, it } from 'vitest';
import { ConfigError } from '../src/errors.ts';
import { initialiser, RandomKey, tf, type InitialiserSpec } from '../src/index.ts';
import { describeBackends, expectTensorsClose } from '../src/testing.ts';

const key = RandomKey.fromSeed(3);

function makeDense(spec: InitialiserSpec, name: string): tf.Sequential {
  const kernelInitializer = initialiser(key.child('kernel'), spec);
  return tf.sequential({ layers: [tf.layers.dense({ name, units: 200, inputShape: [300], kernelInitializer })] });
}

function deviation(tensor: tf.Tensor): number {
  return tf.tidy(() => tf.sqrt(tf.mean(tf.square(tensor))).dataSync()[0]!);
}

describeBackends(
  'initialiser',
  (backend) => {
    it.each<[InitialiserSpec, number]>([
      [{ kind: 'normal', std: 0.25 }, 0.25],
      [{ kind: 'uniform', limit: 0.05 }, 0.05 / Math.sqrt(3)],
      [{ kind: 'glorotNormal' }, Math.sqrt(2 / 500)],
      [{ kind: 'glorotUniform' }, Math.sqrt(2 / 500)],
      [{ kind: 'heNormal' }, Math.sqrt(2 / 300)],
      [{ kind: 'heUniform' }, Math.sqrt(2 / 300)],
    ])('%j has its standard deviation', (spec, std) => {
      const model = makeDense(spec, `${spec.kind}-${backend}`);
      expect(deviation(model.getWeights()[0]!) / std).toBeCloseTo(1, 1);
      model.dispose();
    });

    it('counts a convolution window in its fans', () => {
      const weights = initialiser(key, { kind: 'heNormal' }).apply([3, 3, 16, 40]);
      expect(deviation(weights) / Math.sqrt(2 / (9 * 16))).toBeCloseTo(1, 1);
      weights.dispose();
    });

    it('gives the same weights for the same key, and after the model was saved and loaded', async () => {
      const spec: InitialiserSpec = { kind: 'heNormal' };
      const [first, second] = [makeDense(spec, `first-${backend}`), makeDense(spec, `second-${backend}`)];
      expect(first.getWeights()[0]!.dataSync()).toEqual(second.getWeights()[0]!.dataSync());
      const topology = first.toJSON(null, false) as { config: { name: string } };
      const loaded = await tf.models.modelFromJSON({ modelTopology: topology as never });
      expectTensorsClose(loaded.getWeights()[0]!, first.getWeights()[0]!, { absolute: 0, relative: 0 });
      for (const model of [first, second, loaded]) model.dispose();
    });
  },
  ['simd', 'cpu'],
);

describe('initialiser refuses', () => {
  it('unknown kinds and negative scales', () => {
    expect(() => initialiser(key, { kind: 'henormal' } as never)).toThrow(/Did you mean 'heNormal'/);
    expect(() => initialiser(key, { kind: 'normal', std: -1 })).toThrow(ConfigError);
    expect(() => initialiser(key, { kind: 'uniform' } as never)).toThrow(
      /limit must be a number at least 0, not undefined/,
    );
    expect(() => initialiser(key, { kind: 'heNormal' }).apply([5])).toThrow(/rank 2 or more/);
  });
});
