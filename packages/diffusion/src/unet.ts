import { tf } from '@lab/core';
import { GroupNormalization, NearestUpsampling } from '@lab/core/layers';
import { attentionBlock, type Block, convolution, embedding, residualBlock, type Told } from './unet-blocks.ts';
import { resolveUnetOptions, type ResolvedUnetOptions, type UnetOptions } from './unet-options.ts';

export type { UnetOptions } from './unet-options.ts';

/**
 * A U-Net that is told time and class: from `[xt, t, label]`, noisy images `[B, imageSize, imageSize, channels]`, times
 * `[B]` and labels `[B]` (int32, 0 to `classes`, the last for "none of them"), to what it believes of each image's noise,
 * of the images' shape. By default 638,881 weights.
 *
 * Level for level on the way down: a residual block, whose output is kept, and a convolution of stride 2. At the lowest
 * level: a residual block, attention, another residual block. On the way up: what was kept at this level is put beside
 * (at the lowest level, what came in there), a residual block, and each pixel becomes 2x2 of the next level.
 *
 * Ho et al. 2020, section 4 and appendix B, with fewer blocks (one a level), the label's embedding added to the time's as
 * in Dhariwal & Nichol 2021, and their initialisation: the last convolution of each block, and of the network, is zero.
 *
 * @throws ConfigError for an option out of its range, or that doesn't fit the others.
 */
export function unet(options: UnetOptions): tf.LayersModel {
  const resolved = resolveUnetOptions(options);
  const { imageSize, channels, widths } = resolved;
  const xt = tf.input({ name: 'xt', shape: [imageSize, imageSize, channels] });
  const t = tf.input({ name: 't', shape: [] });
  const label = tf.input({ name: 'label', shape: [], dtype: 'int32' });
  const told = embedding(resolved, t, label);

  const skips: tf.SymbolicTensor[] = [];
  let h = convolution(resolved, 'in', widths[0]!).apply(xt) as tf.SymbolicTensor;
  for (const [level, width] of widths.slice(0, -1).entries()) {
    h = stage(resolved, { name: `down${level}`, level }, h, told);
    skips.push(h);
    h = convolution(resolved, `halve${level}`, width, { strides: 2 }).apply(h) as tf.SymbolicTensor;
  }
  skips.push(h);

  h = middle(resolved, h, told);

  for (let level = widths.length - 1; level >= 0; level--) {
    h = tf.layers.concatenate({ name: `beside${level}` }).apply([h, skips[level]!]) as tf.SymbolicTensor;
    h = stage(resolved, { name: `up${level}`, level }, h, told);
    if (level > 0) h = new NearestUpsampling({ name: `double${level}` }).apply(h) as tf.SymbolicTensor;
  }
  const normalised = new GroupNormalization({ name: 'out_norm', groups: resolved.groups, activation: 'silu' }).apply(h);
  const noise = convolution(resolved, 'out', channels, { zero: true }).apply(normalised) as tf.SymbolicTensor;
  return tf.model({ name: 'unet', inputs: [xt, t, label], outputs: noise });
}

/** A level's residual block, and attention behind it where it is wanted; the lowest level has its own in the middle. */
function stage(options: ResolvedUnetOptions, block: Block, x: tf.SymbolicTensor, told: Told): tf.SymbolicTensor {
  const h = residualBlock(options, block, x, told);
  const lowest = block.level === options.widths.length - 1;
  return !lowest && attends(options, block.level) ? attentionBlock(options, `${block.name}_attention`, h, told) : h;
}

function middle(options: ResolvedUnetOptions, x: tf.SymbolicTensor, told: Told): tf.SymbolicTensor {
  const level = options.widths.length - 1;
  const before = residualBlock(options, { name: 'middle0', level }, x, told);
  const between = attends(options, level) ? attentionBlock(options, 'middle_attention', before, told) : before;
  return residualBlock(options, { name: 'middle1', level }, between, told);
}

function attends({ attentionAt, imageSize }: ResolvedUnetOptions, level: number): boolean {
  return attentionAt.includes(imageSize / 2 ** level);
}
