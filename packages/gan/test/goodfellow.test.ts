import { ConfigError, RandomKey, tf } from '@lab/core';
import { expectNoLeak, expectTensorsClose } from '@lab/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  KeyedDropout,
  Maxout,
  goodfellow,
  goodfellowLearningRate,
  goodfellowMomentum,
  goodfellowOptimizers,
  marginalBias,
  sampleFrom,
} from '../src/index.ts';
import { onCpu } from './cpu.ts';
import { disposeGan, shapes, spread, values } from './look-at-weights.ts';

const key = RandomKey.fromSeed(11);

onCpu();

/** Through what `save` writes and `tf.loadLayersModel` reads. */
async function savedAndLoaded(model: tf.LayersModel): Promise<tf.LayersModel> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = JSON.parse(JSON.stringify(artifacts)) as tf.io.ModelArtifacts;
      saved.weightData = artifacts.weightData!;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  return tf.loadLayersModel(tf.io.fromMemory(saved!));
}

describe('goodfellow', () => {
  it('has the sizes and first weights of the first run on MNIST', () => {
    const gan = goodfellow(key);
    expect(shapes(gan.generator)).toEqual([[100, 1200], [1200], [1200, 1200], [1200], [1200, 784], [784]]);
    expect(shapes(gan.discriminator)).toEqual([[784, 1200], [1200], [240, 1200], [1200], [240, 1], [1]]);
    const limits = [...gan.generator.weights.map(() => 0.05), ...gan.discriminator.weights.map(() => 0.005)];
    [...gan.generator.weights, ...gan.discriminator.weights].forEach((weight, i) => {
      const { std } = spread(values(weight));
      // Uniform in +-limit has standard deviation limit / sqrt 3.
      expect(std / limits[i]!).toBeCloseTo(weight.shape.length === 1 ? 0 : 1 / Math.sqrt(3), 1);
    });
    expect(gan.latent).toBe('wideUniform');
    disposeGan(gan);
  });

  it('paints about the mean picture from the marginal bias on', () => {
    const mean = Float32Array.from({ length: 784 }, (_, i) => 0.1 + (0.8 * i) / 784);
    const outputBias = marginalBias({ data: mean, shape: [1, 28, 28, 1] });
    const gan = goodfellow(key, { outputBias, generatorUnits: 8 });
    const z = { data: new Float32Array(100), shape: [1, 100] };
    tf.tidy(() => expectTensorsClose(sampleFrom(gan, z), mean));
    disposeGan(gan);
    expect(() => goodfellow(key, { outputBias: new Float32Array(3) })).toThrow(ConfigError);
  });

  it('survives being saved and loaded by tfjs', async () => {
    const before = tf.memory().numTensors;
    const gan = goodfellow(key, { generatorUnits: 6, maxoutUnits: 3, maxoutPieces: 2 });
    const loaded = await savedAndLoaded(gan.discriminator);
    tf.tidy(() => {
      const x = key.uniform([2, 28, 28, 1]);
      expectTensorsClose(loaded.predict(x) as tf.Tensor, gan.discriminator.predict(x) as tf.Tensor);
    });
    expect(loaded.layers.filter((layer) => layer instanceof KeyedDropout).map((layer) => layer.keep)).toEqual([
      0.8, 0.5, 0.5,
    ]);
    expect(loaded.getConfig()).toMatchObject(gan.discriminator.getConfig());
    loaded.dispose();
    disposeGan(gan);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('Maxout', () => {
  it('is the largest of its linear pieces, and passes the derivative to that one', () => {
    const layer = new Maxout({ units: 2, pieces: 3, kernelInitializer: tf.initializers.zeros() });
    const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [2] }), layer] });
    tf.tidy(() => {
      layer.setWeights([
        tf.tensor2d([1, 2, 3, -1, 0, 4, 0, -5, 1, 2, 7, -9], [2, 6]),
        tf.tensor1d([0, 10, 0, 1, 0, 0]),
      ]);
      const x = tf.tensor2d([1, 1, 2, -1], [2, 2]);
      // Row 1: pieces 1, 7, 4 and 2, 7, -5. Row 2: 2, 19, 5 and -3, -7, 17.
      expectTensorsClose(model.predict(x) as tf.Tensor, tf.tensor2d([7, 7, 19, 17], [2, 2]));
      const dx = tf.grad((input: tf.Tensor) => tf.sum(model.apply(input) as tf.Tensor))(x);
      expectTensorsClose(dx, tf.tensor2d([2 + 0, -5 + 7, 2 + 4, -5 - 9], [2, 2]));
    });
    model.dispose();
  });

  it('rejects sizes that are no sizes', () => {
    expect(() => new Maxout({ units: 0, pieces: 2 })).toThrow(/units/);
    expect(() => new Maxout({ units: 1, pieces: 2.5 })).toThrow(/pieces/);
  });
});

describe('KeyedDropout', () => {
  const run = (layer: KeyedDropout, x: tf.Tensor, training: boolean) =>
    tf.tidy(
      () => (layer.apply(x, { training }) as tf.Tensor).dataSync().slice() as unknown as tf.TensorContainer,
    ) as unknown as Float32Array;

  it('keeps about its share, scaled up, in training, and changes nothing otherwise', () => {
    expectNoLeak(() => {
      const layer = new KeyedDropout({ keep: 0.8 });
      const x = tf.ones([100, 100]);
      layer.useKey(key);
      const dropped = run(layer, x, true);
      expect(new Set(dropped)).toEqual(new Set([0, 1.25]));
      // 10,000 draws: the standard deviation of the mean is .005.
      expect(spread(dropped).mean).toBeGreaterThan(0.97);
      expect(spread(dropped).mean).toBeLessThan(1.03);
      expect(spread(run(layer, x, false))).toEqual({ mean: 1, std: 0 });
      x.dispose();
    });
  });

  it('draws a mask of its own for each call, the same ones again from the same key', () => {
    const layer = new KeyedDropout({ keep: 0.5 });
    const x = tf.ones([8, 8]);
    layer.useKey(key);
    const [first, second] = [run(layer, x, true), run(layer, x, true)];
    layer.useKey(key);
    expect(run(layer, x, true)).toEqual(first);
    expect(second).not.toEqual(first);
    x.dispose();
  });

  it('asks for a key, and for a share above 0', () => {
    const x = tf.ones([1, 1]);
    expect(() => new KeyedDropout({ keep: 0.5 }).apply(x, { training: true })).toThrow(ConfigError);
    expect(() => new KeyedDropout({ keep: 0 })).toThrow(/keep/);
    x.dispose();
  });
});

describe("Goodfellow's schedules", () => {
  it('halves nothing but D’s rate, starts at .1 and .5, and ends at 1e-6 and .7', () => {
    expect(goodfellowLearningRate(1)).toBe(0.1);
    expect(goodfellowLearningRate(2)).toBeCloseTo(0.1 / 1.000004, 12);
    expect(goodfellowLearningRate(1e7)).toBe(1e-6);
    expect([0, 1, 250, 900].map(goodfellowMomentum)).toEqual([0.5, 0.5, 0.7, 0.7]);
    expect(goodfellowMomentum(125.5)).toBeCloseTo(0.6, 12);
  });

  it('never rise and never fall, respectively', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4_000_000 }), fc.integer({ min: 1, max: 100_000 }), (step, further) => {
        expect(goodfellowLearningRate(step + further)).toBeLessThanOrEqual(goodfellowLearningRate(step));
        expect(goodfellowMomentum(step + further)).toBeGreaterThanOrEqual(goodfellowMomentum(step));
      }),
    );
  });

  it('are what the optimisers follow: velocity keeps its share from epoch to epoch', () => {
    const { dOptimizer, gOptimizer } = goodfellowOptimizers({ stepsPerEpoch: 2 });
    const moved = [dOptimizer, gOptimizer].map((optimizer) => {
      const weight = tf.variable(tf.scalar(0));
      const gradients = { [weight.name]: tf.scalar(1) };
      const seen = Array.from({ length: 6 }, () => {
        optimizer.apply(gradients, [weight]);
        return weight.dataSync()[0]!;
      });
      weight.dispose();
      optimizer.dispose();
      return seen;
    });
    let [velocity, position] = [0, 0];
    for (let step = 1; step <= 6; step++) {
      velocity = goodfellowMomentum(Math.floor((step - 1) / 2)) * velocity - goodfellowLearningRate(step);
      position += velocity;
      expect(moved[1]![step - 1]).toBeCloseTo(position, 5);
      expect(moved[0]![step - 1]).toBeCloseTo(position / 2, 5);
    }
    expect(() => goodfellowOptimizers({ stepsPerEpoch: 0 })).toThrow(/stepsPerEpoch/);
  });
});

describe('marginalBias', () => {
  it('is the inverse of the sigmoid of the mean, also from batches, and finite at 0 and 1', () => {
    const data = Float32Array.of(0, 1, 0.5, 0, 0, 1, 0, 0);
    const whole = marginalBias({ data, shape: [2, 4] });
    const batches = [0, 4].map((from) => ({ data: data.slice(from, from + 4), shape: [1, 4] }));
    expect(marginalBias(batches)).toEqual(whole);
    const painted = Array.from(whole, (bias) => 1 / (1 + Math.exp(-bias)));
    [0, 1, 0.25, 0].forEach((mean, i) => expect(painted[i]).toBeCloseTo(mean, 6));
    expect(whole.every(Number.isFinite)).toBe(true);
  });

  it.each([
    [[]],
    [[{ data: Float32Array.of(2, 2), shape: [1, 2] }]],
    [
      [
        { data: new Float32Array(2), shape: [1, 2] },
        { data: new Float32Array(3), shape: [1, 3] },
      ],
    ],
  ])('rejects no pictures, pictures beyond [0, 1], and pictures of two sizes', (pictures) => {
    expect(() => marginalBias(pictures)).toThrow(ConfigError);
  });
});
