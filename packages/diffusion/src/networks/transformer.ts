import { initialiser, type RandomKey, tf } from '@lab/core';
import { FusedConv2D, SelfAttention } from '@lab/core/layers';
import { CrossAttention } from './cross-attention.ts';
import { PixelNormalization } from './pixel-normalization.ts';

/**
 * A transformer block over pixels, one head: self-attention, attention to what the picture is told, and a perceptron of two
 * layers, each behind a layer norm and added. What attention finds is not projected once more: it has one head. Vaswani et al. 2017;
 * Rombach et al. 2022, appendix E.
 *
 * @param x `[B, H, W, C]`.
 * @param told One token, `[B, D]`.
 */
export function transformer(
  key: RandomKey,
  name: string,
  x: tf.SymbolicTensor,
  told: tf.SymbolicTensor,
): tf.SymbolicTensor {
  const width = x.shape.at(-1)!;
  const own = (part: string) => ({ name: `${name}_${part}`, kernelInitializer: glorot(key, part) });
  const pixelwise = (part: string, filters: number, useBias: boolean) =>
    new FusedConv2D({ ...own(part), filters, kernelSize: 1, padding: 'same', useBias });
  const norm = (part: string) => new PixelNormalization({ name: `${name}_${part}` });
  const add = (part: string, a: tf.SymbolicTensor, b: tf.SymbolicTensor) =>
    tf.layers.add({ name: `${name}_${part}` }).apply([a, b]) as tf.SymbolicTensor;
  const through = (start: tf.SymbolicTensor, ...layers: tf.layers.Layer[]) =>
    layers.reduce((h, layer) => layer.apply(h) as tf.SymbolicTensor, start);

  const mix = new SelfAttention({ name: `${name}_self_mix` });
  const afterSelf = add('add1', x, through(x, norm('norm1'), pixelwise('self_qkv', 3 * width, false), mix));

  const queries = through(afterSelf, norm('norm2'), pixelwise('cross_q', width, false));
  const keysValues = tf.layers.dense({ ...own('cross_kv'), units: 2 * width, useBias: false }).apply(told);
  const attended = new CrossAttention({ name: `${name}_cross_mix` }).apply([queries, keysValues as tf.SymbolicTensor]);
  const afterCross = add('add2', afterSelf, attended as tf.SymbolicTensor);

  const gelu = tf.layers.activation({ name: `${name}_gelu`, activation: 'gelu' as 'relu' });
  const perceptron = through(
    afterCross,
    norm('norm3'),
    pixelwise('wide', 3 * width, true),
    gelu,
    pixelwise('narrow', width, true),
  );
  return add('add3', afterCross, perceptron);
}

function glorot(key: RandomKey, part: string): ReturnType<typeof initialiser> {
  return initialiser(key.child(part), { kind: 'glorotUniform' });
}
