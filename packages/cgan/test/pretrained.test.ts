import { readFileSync } from 'node:fs';
import { configureSimd, simdInfo } from '@lab/backend-simd';
import { ConfigError, RandomKey, decodeSafetensors, tf } from '@lab/core';
import { expectNoLeak } from '@lab/core/testing';
import { ganWeights } from '@lab/gan';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import {
  convolutionalCgan,
  loadPretrained,
  pretrainedNetworks,
  pretrainedRecipe,
  pretrainedTemperature,
} from '../src/index.ts';

const weightsFile = new URL('../weights/digits.safetensors', import.meta.url);
const logFile = new URL('../weights/digits-training.jsonl', import.meta.url);

/** What the first backend drew. */
let first: Float32Array | undefined;

describe('loadPretrained', () => {
  it.each([{ threads: 1 }, { threads: 2 }])('draws the same sevens to the bit, with %o', async ({ threads }) => {
    configureSimd({ threads });
    expect(await tf.setBackend('simd')).toBe(true);
    expect(simdInfo().threads).toBe(threads);
    const draw = async () => {
      const digits = await loadPretrained();
      const sevens = digits.sample({ label: 7, count: 64, seed: 1 });
      expect(sevens.shape).toEqual([64, 28, 28, 1]);
      const values = (await sevens.data()).slice() as Float32Array;
      sevens.dispose();
      digits.generator.dispose();
      digits.discriminator.dispose();
      return values;
    };
    const drawn = await draw();
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(1);
    expect(await draw()).toEqual(drawn);
    first ??= drawn;
    expect(drawn).toEqual(first);
    tf.removeBackend('simd');
  });

  it('has the weights of the file, and the temperature of the recipe', async () => {
    await tf.setBackend('cpu');
    const digits = await loadPretrained();
    const { tensors } = decodeSafetensors(new Uint8Array(readFileSync(weightsFile)));
    const weights = await ganWeights(digits);
    expect(digits.temperature).toBe(pretrainedTemperature);
    const ofGenerator = Object.keys(weights).filter((name) => name.startsWith('generator/'));
    expect(ofGenerator.sort()).toEqual(Object.keys(tensors).sort());
    for (const name of ofGenerator) expect(weights[name]!.data).toEqual(tensors[name]!.data);
  });

  it('refuses what is no digit', async () => {
    await tf.setBackend('cpu');
    const digits = await loadPretrained();
    expectNoLeak(() => {
      expect(() => digits.sample({ label: 10 })).toThrow(ConfigError);
      expect(() => digits.sample({ label: 10 })).toThrow(/label must be an integer from 0 to 9, not 10/);
    });
  });

  it('is of the networks and the recipe that its log says', () => {
    const [recipe] = readFileSync(logFile, 'utf8').split('\n', 1);
    const { generator } = convolutionalCgan(RandomKey.fromSeed(0), pretrainedNetworks);
    const parameters = generator.countParams();
    expect(JSON.parse(recipe!)).toMatchObject({ ...pretrainedNetworks, ...pretrainedRecipe, parameters });
  });
});
