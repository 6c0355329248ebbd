import { initialiser, type RandomKey, rejectUnknownOptions, requireInteger, tf } from '@lab/core';
import { FusedConv2D, GroupNormalization } from '@lab/core/layers';
import { GaussianFeatures } from './gaussian-features.ts';
import { transformer } from './transformer.ts';

/** Options of `scoreUnet`. */
export interface ScoreUnetOptions {
  /**
   * Classes that it is told by cross-attention; 0 for a network that is told none.
   *
   * @default 0
   */
  readonly classes?: number;
}

const widths = [32, 64, 128, 256] as const;
const embeddingUnits = 256;

/**
 * The U-Net of the score-model tutorials, for `varianceExploding`: from `[xt, t]`, pictures `[B, 28, 28, 1]` and times `[B]`, or
 * with classes `[xt, t, label]`, to the score times the noise's standard deviation. Four unpadded convolutions of 32, 64, 128 and 256
 * channels take 28x28 to 2x2, four transposed ones back, each told the time and normalised; what was found on the way down is put
 * beside on the way up. 1,115,425 weights, 128 of them fixed.
 *
 * With classes, the two lowest levels attend to themselves and to the class's embedding, and what was found on the way down
 * is added instead: 2,045,185 weights.
 *
 * @param key Decides the first weights.
 * @throws ConfigError for an option out of its range.
 */
export function scoreUnet(key: RandomKey, options: ScoreUnetOptions = {}): tf.LayersModel {
  rejectUnknownOptions('scoreUnet', options, ['classes']);
  const classes = requireInteger('classes', options.classes ?? 0, { min: 0 });
  const xt = tf.input({ name: 'xt', shape: [28, 28, 1] });
  const t = tf.input({ name: 't', shape: [] });
  const label = tf.input({ name: 'label', shape: [], dtype: 'int32' });
  const told = toldTime(key, t);
  const token = classes === 0 ? undefined : toldClass(key, classes, label);
  const attend = (name: string, h: tf.SymbolicTensor) =>
    token === undefined ? h : sum(`${name}_out`, h, transformer(key.child(name), name, h, token));

  const found: tf.SymbolicTensor[] = [];
  let h = xt;
  for (const [level, width] of widths.entries()) {
    const name = `down${level}`;
    const conv = convolution(key, name, width, level === 0 ? 1 : 2);
    h = normalised(key, name, conv.apply(h) as tf.SymbolicTensor, told, level === 0 ? 4 : 32);
    if (level >= 2) h = attend(`${name}_attention`, h);
    found.push(h);
  }
  for (const [level, width] of ([...widths.entries()].slice(0, -1) as [number, number][]).reverse()) {
    const name = `up${level}`;
    const input = level === 2 ? h : joined(`${name}_joined`, h, found[level + 1]!, classes > 0);
    h = normalised(key, name, widened(key, name, input, width, found[level]!), told, 32);
  }
  const last = joined('out_joined', h, found[0]!, classes > 0);
  const score = transposed(key, 'out', 1, 1, true).apply(last) as tf.SymbolicTensor;
  const inputs = classes === 0 ? [xt, t] : [xt, t, label];
  return tf.model({ name: 'score_unet', inputs, outputs: score });
}

function toldTime(key: RandomKey, t: tf.SymbolicTensor): tf.SymbolicTensor {
  const keyWords = key.child('frequencies').words;
  const features = new GaussianFeatures({ name: 'time_features', features: embeddingUnits, keyWords }).apply(t);
  const dense = tf.layers.dense({
    name: 'time',
    units: embeddingUnits,
    activation: 'swish',
    kernelInitializer: glorot(key, 'time'),
  });
  return dense.apply(features) as tf.SymbolicTensor;
}

function toldClass(key: RandomKey, classes: number, label: tf.SymbolicTensor): tf.SymbolicTensor {
  const embedding = tf.layers.embedding({
    name: 'label_embedding',
    inputDim: classes,
    outputDim: embeddingUnits,
    embeddingsInitializer: initialiser(key.child('label_embedding'), { kind: 'normal', std: 1 }),
  });
  return embedding.apply(label) as tf.SymbolicTensor;
}

/** Plus what the time says, a number a channel; group norm; SiLU. */
function normalised(
  key: RandomKey,
  name: string,
  h: tf.SymbolicTensor,
  told: tf.SymbolicTensor,
  groups: number,
): tf.SymbolicTensor {
  const units = h.shape.at(-1)!;
  const shift = tf.layers.dense({ name: `${name}_told`, units, kernelInitializer: glorot(key, `${name}_told`) });
  const norm = new GroupNormalization({ name: `${name}_norm`, groups, activation: 'silu' });
  return norm.apply([h, shift.apply(told) as tf.SymbolicTensor]) as tf.SymbolicTensor;
}

function convolution(key: RandomKey, name: string, filters: number, strides: number): tf.layers.Layer {
  const kernelInitializer = glorot(key, name);
  return new FusedConv2D({
    name,
    filters,
    kernelSize: 3,
    strides,
    padding: 'valid',
    useBias: false,
    kernelInitializer,
  });
}

function transposed(key: RandomKey, name: string, filters: number, strides: number, useBias = false): tf.layers.Layer {
  const kernelInitializer = glorot(key, name);
  return tf.layers.conv2dTranspose({
    name,
    filters,
    kernelSize: 3,
    strides,
    padding: 'valid',
    useBias,
    kernelInitializer,
  });
}

/** A transposed convolution of stride 2, to the size of `like`: the row and column that it lacks are those that nothing reaches. */
function widened(
  key: RandomKey,
  name: string,
  input: tf.SymbolicTensor,
  width: number,
  like: tf.SymbolicTensor,
): tf.SymbolicTensor {
  const h = transposed(key, name, width, 2).apply(input) as tf.SymbolicTensor;
  const missing = like.shape[1]! - h.shape[1]!;
  if (missing === 0) return h;
  const padding: [[number, number], [number, number]] = [
    [0, missing],
    [0, missing],
  ];
  return tf.layers.zeroPadding2d({ name: `${name}_edge`, padding }).apply(h) as tf.SymbolicTensor;
}

function joined(name: string, h: tf.SymbolicTensor, found: tf.SymbolicTensor, isAdded: boolean): tf.SymbolicTensor {
  return isAdded ? sum(name, h, found) : (tf.layers.concatenate({ name }).apply([h, found]) as tf.SymbolicTensor);
}

function sum(name: string, a: tf.SymbolicTensor, b: tf.SymbolicTensor): tf.SymbolicTensor {
  return tf.layers.add({ name }).apply([a, b]) as tf.SymbolicTensor;
}

function glorot(key: RandomKey, name: string): ReturnType<typeof initialiser> {
  return initialiser(key.child(name), { kind: 'glorotUniform' });
}
