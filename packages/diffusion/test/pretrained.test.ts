import { readFileSync } from 'node:fs';
import { decodeSafetensors, RandomKey, tf } from '@lab/core';
import { describe, expect, it } from 'vitest';
import {
  diffusionWeights,
  latentRecipe,
  latentWeights,
  loadPretrained,
  loadPretrainedLatent,
  pretrainedRecipe,
  sample,
} from '../src/index.ts';
import { onSimd } from './on-simd.ts';

onSimd();

const weightsFile = new URL('../weights/digits.safetensors', import.meta.url);
const logFile = new URL('../weights/digits-training.jsonl', import.meta.url);

describe('loadPretrained', () => {
  it('has the weights of the file, and is of the recipe and size that its log says', async () => {
    const model = await loadPretrained();
    const { tensors } = decodeSafetensors(new Uint8Array(readFileSync(weightsFile)));
    const weights = await diffusionWeights(model);
    expect(Object.keys(weights).sort()).toEqual(Object.keys(tensors).sort());
    for (const [name, { data }] of Object.entries(weights)) expect(data).toEqual(tensors[name]!.data);
    const [first] = readFileSync(logFile, 'utf8').split('\n');
    expect(JSON.parse(first!)).toMatchObject({ ...pretrainedRecipe, parameters: model.network.countParams() });
    model.network.dispose();
  });

  it('draws pictures in its range, the same for the same key, and leaves nothing behind', async () => {
    const model = await loadPretrained();
    const draw = (seed: number) => {
      const drawn = sample(model, RandomKey.fromSeed(seed), [3, 7], { steps: 4, guidance: 1.5 });
      expect(drawn.shape).toEqual([2, 28, 28, 1]);
      const data = drawn.dataSync<'float32'>().slice();
      drawn.dispose();
      return data;
    };
    const before = tf.memory().numTensors;
    const pictures = draw(3);
    expect(tf.memory().numTensors).toBe(before);
    expect(draw(3)).toEqual(pictures);
    expect(draw(4)).not.toEqual(pictures);
    // White strokes on black: most pixels at one end of the range, some at the other.
    expect(pictures.filter((pixel) => pixel < -0.9).length / pictures.length).toBeGreaterThan(0.5);
    expect(pictures.filter((pixel) => pixel > 0.5).length).toBeGreaterThan(40);
    model.network.dispose();
  });
});

describe('loadPretrainedLatent', () => {
  it('has the weights of the file, and is of the recipe and sizes that its log says', async () => {
    const model = await loadPretrainedLatent();
    const file = new URL('../weights/latent.safetensors', import.meta.url);
    const { tensors } = decodeSafetensors(new Uint8Array(readFileSync(file)));
    const weights = await latentWeights(model);
    expect(Object.keys(weights).sort()).toEqual(Object.keys(tensors).sort());
    for (const [name, { data }] of Object.entries(weights)) expect(data).toEqual(tensors[name]!.data);
    const log = readFileSync(new URL('../weights/latent-training.jsonl', import.meta.url), 'utf8')
      .trim()
      .split('\n');
    const entries = log.map((line) => JSON.parse(line) as Record<string, unknown>);
    const { encoder, decoder } = model.autoencoder;
    const autoencoder = encoder.countParams() + decoder.countParams();
    const { autoencoderSteps, steps, ema, measured: _measured, ...both } = latentRecipe;
    const unet = model.diffusion.network.countParams();
    expect(entries).toContainEqual(expect.objectContaining({ ...both, steps: autoencoderSteps, autoencoder }));
    expect(entries).toContainEqual(expect.objectContaining({ ...both, steps, ema, unet }));
    for (const network of [encoder, decoder, model.diffusion.network]) network.dispose();
  });
});
