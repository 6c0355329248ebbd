import { initialiser, tf } from '@lab/core';
import { FusedConv2D, GroupNormalization, SelfAttention, TimeFeatures } from '@lab/core/layers';
import type { ResolvedUnetOptions } from './unet-options.ts';

/** Where in the network a residual block is: its layers' names begin with `name`, its width is its level's. */
export interface Block {
  readonly name: string;
  readonly level: number;
}

interface ConvolutionOptions {
  /** @default 3 */
  readonly size?: number;
  /** @default 1 */
  readonly strides?: number;
  /**
   * Whether the first weights are 0.
   *
   * @default false
   */
  readonly zero?: boolean;
}

/** A convolution of `filters` channels, its weights drawn from the child of the key that has its name. */
export function convolution(
  { key }: ResolvedUnetOptions,
  name: string,
  filters: number,
  { size = 3, strides = 1, zero = false }: ConvolutionOptions = {},
): tf.layers.Layer {
  const kernelInitializer = zero ? tf.initializers.zeros() : initialiser(key.child(name), { kind: 'glorotUniform' });
  return new FusedConv2D({ name, filters, kernelSize: size, strides, padding: 'same', kernelInitializer });
}

/** What every residual block is told: SiLU of the time's embedding, a perceptron of two layers, plus the label's. */
export function embedding(
  { key, timeFeatures, embedding: units, classes }: ResolvedUnetOptions,
  t: tf.SymbolicTensor,
  label: tf.SymbolicTensor,
): tf.SymbolicTensor {
  const features = new TimeFeatures({ name: 'time_features', features: timeFeatures }).apply(t);
  const dense = (name: string) => tf.layers.dense({ name, units, kernelInitializer: glorot(key, name) });
  const time = dense('time2').apply(silu('time_silu').apply(dense('time1').apply(features)));
  const labels = tf.layers.embedding({
    name: 'label_embedding',
    inputDim: classes + 1,
    outputDim: units,
    embeddingsInitializer: initialiser(key.child('label_embedding'), { kind: 'normal', std: 1 }),
  });
  const both = tf.layers
    .add({ name: 'embedding' })
    .apply([time as tf.SymbolicTensor, labels.apply(label)] as tf.SymbolicTensor[]);
  return silu('embedding_silu').apply(both) as tf.SymbolicTensor;
}

/**
 * `x + f(x)`: group norm, SiLU, convolution; plus what the block is told, a number a channel; group norm, SiLU,
 * convolution. Where the channels change, x goes through a convolution of 1x1 on its way past.
 */
export function residualBlock(
  options: ResolvedUnetOptions,
  { name, level }: Block,
  x: tf.SymbolicTensor,
  told: tf.SymbolicTensor,
): tf.SymbolicTensor {
  const width = options.widths[level]!;
  const { key, groups } = options;
  const norm = (which: string) => new GroupNormalization({ name: `${name}_${which}`, groups, activation: 'silu' });
  const tell = tf.layers.dense({ name: `${name}_told`, units: width, kernelInitializer: glorot(key, `${name}_told`) });

  const first = convolution(options, `${name}_conv1`, width).apply(norm('norm1').apply(x)) as tf.SymbolicTensor;
  const shifted = norm('norm2').apply([first, tell.apply(told) as tf.SymbolicTensor]);
  const second = convolution(options, `${name}_conv2`, width, { zero: true }).apply(shifted) as tf.SymbolicTensor;
  const past = x.shape.at(-1) === width ? x : convolution(options, `${name}_past`, width, { size: 1 }).apply(x);
  return tf.layers.add({ name }).apply([past as tf.SymbolicTensor, second]) as tf.SymbolicTensor;
}

/** `x + f(x)`: group norm, queries, keys and values by a convolution of 1x1, attention, another convolution of 1x1. */
export function attentionBlock(options: ResolvedUnetOptions, name: string, x: tf.SymbolicTensor): tf.SymbolicTensor {
  const width = x.shape.at(-1)!;
  const normalised = new GroupNormalization({ name: `${name}_norm`, groups: options.groups }).apply(x);
  const projected = convolution(options, `${name}_qkv`, 3 * width, { size: 1 }).apply(normalised);
  const attended = new SelfAttention({ name: `${name}_mix`, heads: options.heads }).apply(projected);
  const out = convolution(options, `${name}_out`, width, { size: 1, zero: true }).apply(attended) as tf.SymbolicTensor;
  return tf.layers.add({ name }).apply([x, out]) as tf.SymbolicTensor;
}

function glorot(key: ResolvedUnetOptions['key'], name: string): ReturnType<typeof initialiser> {
  return initialiser(key.child(name), { kind: 'glorotUniform' });
}

function silu(name: string): tf.layers.Layer {
  return tf.layers.activation({ name, activation: 'swish' });
}
