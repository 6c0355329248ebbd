import { initialiser, tf } from '@lab/core';
import { FusedConv2D, GroupNormalization, SelfAttention, TimeFeatures } from '@lab/core/layers';
import { transformer } from './networks/transformer.ts';
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

/** What a network is told. */
export interface Told {
  /** For every residual block, `[B, embedding]`. */
  readonly shift: tf.SymbolicTensor;
  /** The class's embedding `[B, embedding]`, where attention tells it. */
  readonly token?: tf.SymbolicTensor | undefined;
}

/** SiLU of the time's embedding, a perceptron of two layers; the label's is added to it first, or is a token of its own. */
export function embedding(options: ResolvedUnetOptions, t: tf.SymbolicTensor, label: tf.SymbolicTensor): Told {
  const { key, timeFeatures, embedding: units, classes, classBy } = options;
  const features = new TimeFeatures({ name: 'time_features', features: timeFeatures }).apply(t);
  const dense = (name: string) => tf.layers.dense({ name, units, kernelInitializer: glorot(key, name) });
  const time = dense('time2').apply(silu('time_silu').apply(dense('time1').apply(features))) as tf.SymbolicTensor;
  const labels = tf.layers.embedding({
    name: 'label_embedding',
    inputDim: classes + 1,
    outputDim: units,
    embeddingsInitializer: initialiser(key.child('label_embedding'), { kind: 'normal', std: 1 }),
  });
  const token = labels.apply(label) as tf.SymbolicTensor;
  const activated = (h: unknown) => silu('embedding_silu').apply(h as tf.SymbolicTensor) as tf.SymbolicTensor;
  if (classBy === 'attention') return { shift: activated(time), token };
  return { shift: activated(tf.layers.add({ name: 'embedding' }).apply([time, token])) };
}

/**
 * `x + f(x)`: group norm, SiLU, convolution; plus what the block is told, a number a channel; group norm, SiLU,
 * convolution. Where the channels change, x goes through a convolution of 1x1 on its way past.
 */
export function residualBlock(
  options: ResolvedUnetOptions,
  { name, level }: Block,
  x: tf.SymbolicTensor,
  { shift }: Told,
): tf.SymbolicTensor {
  const width = options.widths[level]!;
  const { key, groups } = options;
  const norm = (which: string) => new GroupNormalization({ name: `${name}_${which}`, groups, activation: 'silu' });
  const tell = tf.layers.dense({ name: `${name}_told`, units: width, kernelInitializer: glorot(key, `${name}_told`) });

  const first = convolution(options, `${name}_conv1`, width).apply(norm('norm1').apply(x)) as tf.SymbolicTensor;
  const shifted = norm('norm2').apply([first, tell.apply(shift) as tf.SymbolicTensor]);
  const second = convolution(options, `${name}_conv2`, width, { zero: true }).apply(shifted) as tf.SymbolicTensor;
  const past = x.shape.at(-1) === width ? x : convolution(options, `${name}_past`, width, { size: 1 }).apply(x);
  return tf.layers.add({ name }).apply([past as tf.SymbolicTensor, second]) as tf.SymbolicTensor;
}

/**
 * `x + f(x)`: group norm, queries, keys and values by a convolution of 1x1, attention, another convolution of 1x1. Where there is a
 * token, the group norm and attention are a `transformer`'s.
 */
export function attentionBlock(
  options: ResolvedUnetOptions,
  name: string,
  x: tf.SymbolicTensor,
  { token }: Told,
): tf.SymbolicTensor {
  const { key, heads, groups } = options;
  const width = x.shape.at(-1)!;
  const attended =
    token === undefined
      ? new SelfAttention({ name: `${name}_mix`, heads }).apply(
          convolution(options, `${name}_qkv`, 3 * width, { size: 1 }).apply(
            new GroupNormalization({ name: `${name}_norm`, groups }).apply(x),
          ),
        )
      : transformer(key.child(name), name, x, token);
  const out = convolution(options, `${name}_out`, width, { size: 1, zero: true }).apply(attended) as tf.SymbolicTensor;
  return tf.layers.add({ name }).apply([x, out]) as tf.SymbolicTensor;
}

function glorot(key: ResolvedUnetOptions['key'], name: string): ReturnType<typeof initialiser> {
  return initialiser(key.child(name), { kind: 'glorotUniform' });
}

function silu(name: string): tf.layers.Layer {
  return tf.layers.activation({ name, activation: 'swish' });
}
