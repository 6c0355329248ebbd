import { ConfigError, RandomKey, tf } from '@lab/core';
import { describeBackends, expectNoLeak } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import { type DenoisingBatch, denoisingLoss, unet, type UnetOptions } from '../src/index.ts';
import { readGolden } from './golden.ts';
import { goldenTensor } from './golden-noise.ts';
import { smallUnet } from './small-unet.ts';
import { trainingBackends } from './training-backends.ts';

interface Entries {
  readonly norm: number;
  readonly index: readonly number[];
  readonly values: readonly number[];
}

interface GoldenWeight {
  readonly shape: number[];
  readonly stream: number;
  readonly scale: number;
  readonly offset: number;
  readonly gradient: Entries;
}

interface GoldenUnet {
  readonly options: Omit<UnetOptions, 'key'> & { imageSize: number; channels: number; classes: number };
  readonly loss: number;
  readonly output: Entries;
  readonly weights: Readonly<Record<string, GoldenWeight>>;
}

const golden = readGolden<Record<string, GoldenUnet>>('unet.json');
const key = RandomKey.fromSeed(3);

function build({ options, weights }: GoldenUnet): tf.LayersModel {
  const model = unet({ ...options, key });
  expect(model.weights.map(({ originalName }) => originalName).sort()).toEqual(Object.keys(weights).sort());
  for (const weight of model.weights) {
    const { shape, stream, scale, offset } = weights[weight.originalName]!;
    const value = goldenTensor(shape, stream, scale, offset);
    weight.write(value);
    value.dispose();
  }
  return model;
}

function batchOf({ imageSize, channels, classes }: GoldenUnet['options']): DenoisingBatch {
  const shape = [3, imageSize, imageSize, channels];
  return {
    input: goldenTensor(shape, 1) as tf.Tensor4D,
    target: goldenTensor(shape, 2) as tf.Tensor4D,
    t: tf.tensor1d([0, 17, 999]),
    labels: [0, 1, classes],
  };
}

function answer(model: tf.LayersModel, { input, t, labels }: DenoisingBatch): tf.Tensor {
  return tf.tidy(() => model.apply([input, t, tf.tensor1d([...labels], 'int32')]) as tf.Tensor);
}

const tensorsOf = ({ input, target, t }: DenoisingBatch): tf.Tensor[] => [input, target, t];

/** Relative to the whole tensor's norm: 1e-5 of it for each entry, and for the norm itself. */
function expectEntries(what: string, actual: tf.Tensor, { norm, index, values }: Entries): void {
  const found = actual.dataSync<'float32'>();
  const root = Math.sqrt(found.reduce((sum, value) => sum + value * value, 0));
  expect(Math.abs(root / norm - 1), `the norm of ${what}`).toBeLessThan(1e-5);
  index.forEach((at, i) => {
    expect(Math.abs(found[at]! - values[i]!), `${what} at ${at}`).toBeLessThan(1e-5 * norm);
  });
}

describeBackends(
  'the U-Net',
  (backend) => {
    // A default network's step takes tfjs's cpu backend most of a minute.
    const cases = backend === 'cpu' ? ['small'] : Object.keys(golden);
    it.each(cases)('has the output and every gradient of PyTorch in float64: %s', (name) => {
      const expected = golden[name]!;
      const model = build(expected);
      const batch = batchOf(expected.options);
      const output = answer(model, batch);
      expectEntries('the output', output, expected.output);

      const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
      const { value, grads } = tf.variableGrads(
        () => denoisingLoss({ network: model, ...expected.options }, batch),
        variables,
      );
      expect(value.dataSync()[0]! / expected.loss - 1).toBeCloseTo(0, 6);
      for (const weight of model.trainableWeights) {
        expectEntries(weight.originalName, grads[weight.name]!, expected.weights[weight.originalName]!.gradient);
      }
      tf.dispose([output, value, grads, tensorsOf(batch)]);
      model.dispose();
    });

    it('draws the same weights from the same key, and leaves no tensor behind', () => {
      expectNoLeak(() => {
        const [one, again, other] = [key, key, key.child(1)].map((seed) => unet({ ...smallUnet, key: seed }));
        const values = (model: tf.LayersModel) => tf.tidy(() => model.getWeights().map((w) => [...w.dataSync()]));
        expect(values(again!)).toEqual(values(one!));
        expect(values(other!)).not.toEqual(values(one!));
        for (const model of [one!, again!, other!]) model.dispose();
      });
    });

    it('is the same network after it was saved and loaded', async () => {
      const model = unet({ ...smallUnet, key });
      const values = model.weights.map(({ shape }, i) => goldenTensor(shape as number[], i, 0.3));
      model.setWeights(values);
      tf.dispose(values);
      let saved: tf.io.ModelArtifacts | undefined;
      await model.save(
        tf.io.withSaveHandler((artifacts) => {
          saved = artifacts;
          return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
        }),
      );
      const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
      const batch = batchOf({ imageSize: 4, channels: 1, classes: 2 });
      const [before, after] = [model, loaded].map((network) => answer(network, batch));
      expect([...after!.dataSync()]).toEqual([...before!.dataSync()]);
      tf.dispose([before!, after!, tensorsOf(batch)]);
      model.dispose();
      loaded.dispose();
    });
  },
  trainingBackends,
);

describeBackends(
  'the size of the U-Net',
  () => {
    it('is 638,881 weights by default, and its first answer is 0', () => {
      const model = unet({ key });
      expect(model.countParams()).toBe(638_881);
      const batch = batchOf({ imageSize: 28, channels: 1, classes: 10 });
      const output = answer(model, batch);
      expect(output.shape).toEqual([3, 28, 28, 1]);
      expect(output.dataSync().every((value) => value === 0)).toBe(true);
      tf.dispose([output, tensorsOf(batch)]);
      model.dispose();
    });

    it.each([
      { imageSize: 32, channels: 3, widths: [8, 8, 16, 16], attentionAt: [8, 4] },
      { imageSize: 5, widths: [8], attentionAt: [] },
      { imageSize: 6, widths: [8, 16], heads: 4 },
    ])('follows the options: %j', (options) => {
      const model = unet({ groups: 4, timeFeatures: 2, embedding: 3, classes: 1, ...options, key });
      const [channels, size] = [options.channels ?? 1, options.imageSize];
      expect(model.outputs[0]!.shape).toEqual([null, size, size, channels]);
      const names = model.layers.map(({ name }) => name).filter((name) => name.endsWith('attention_mix'));
      // One in the middle for the lowest size, one down and one up for each other.
      expect(names).toHaveLength(
        options.attentionAt === undefined ? 1 : Math.max(0, 2 * options.attentionAt.length - 1),
      );
      model.dispose();
    });
  },
  ['cpu'],
);

describe('the options of the U-Net', () => {
  it.each<[Record<string, unknown>, RegExp]>([
    [{ imageSize: 30 }, /imageSize must be a multiple of 4, since 3 widths halve it 2 times, not 30/],
    [{ imageSize: 0 }, /imageSize/],
    [{ widths: [] }, /widths must be a list of at least one width/],
    [{ widths: [32, 60, 64] }, /widths\[1\] must be a multiple of 8 \(groups\), not 60/],
    [{ attentionAt: [8] }, /attentionAt must be a list of sizes of the levels, which are 28, 14, 7, not \[8\]/],
    [{ heads: 2, classBy: 'attention' }, /heads must be 1 with classBy 'attention'/],
    [{ heads: 3 }, /heads must be a divisor of the widths that attend, 64, not 3/],
    [{ timeFeatures: 31 }, /timeFeatures must be a multiple of 2, not 31/],
    [{ classes: 0 }, /classes must be an integer at least 1, not 0/],
    [{ channels: 1.5 }, /channels/],
    [{ embedding: 0 }, /embedding/],
    [{ groups: 0 }, /groups/],
    [{ key: 7 }, /key must be a RandomKey/],
    [{ width: [8] }, /width.*Did you mean 'widths'/],
  ])('%j are rejected', (options, message) => {
    expect(() => unet({ key, ...options })).toThrow(ConfigError);
    expect(() => unet({ key, ...options })).toThrow(message);
  });
});
