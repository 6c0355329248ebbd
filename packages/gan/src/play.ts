import { tf } from '@lab/core';
import { type DenseChain, chainForward, denseChainOf, inputGradient, weightGradients } from './dense-chain.ts';
import { type Gan, imageShape, trainableVariables } from './gan.ts';
import type { GanLoss } from './losses.ts';

/** One player's move, worked out but not yet made. */
export interface Move {
  /** D's logits that the loss was computed from: `[2m, 1]`, the real images first, for D's move; `[m, 1]` for G's. */
  readonly logits: tf.Tensor;
  /** The gradient of the player's loss with respect to its own weights, by variable name. */
  readonly gradients: tf.NamedTensorMap;
}

/** G(z), `[B, height, width, channels]`; as in training if `training` is set, or as for samples. */
export function generate(gan: Gan, z: tf.Tensor2D, training: boolean): tf.Tensor {
  const chain = denseChainOf(gan.generator);
  if (chain === undefined) return gan.generator.apply(z, { training }) as tf.Tensor;
  return tf.reshape(chainForward(chain, z).at(-1)!, [z.shape[0], ...imageShape(gan)]);
}

/** The gradient of D's loss with respect to D's weights; the images are constants, G(z) too. */
export function discriminatorMove(gan: Gan, real: tf.Tensor, z: tf.Tensor2D, loss: GanLoss): Move {
  return tidyMove(() => workOutDiscriminatorMove(gan, tf.concat([real, generate(gan, z, true)], 0), loss));
}

/** The gradient of G's loss with respect to G's weights, through D, whose weights are constants. */
export function generatorMove(gan: Gan, z: tf.Tensor2D, loss: GanLoss): Move {
  return tidyMove(() => workOutGeneratorMove(gan, z, loss));
}

function workOutDiscriminatorMove(gan: Gan, images: tf.Tensor, loss: GanLoss): Move {
  const chain = denseChainOf(gan.discriminator);
  if (chain !== undefined) {
    const x = asRows(images);
    const outputs = chainForward(chain, x);
    const logits = outputs.at(-1)!;
    return { logits, gradients: weightGradients(chain, x, outputs, discriminatorSlope(loss, logits)) };
  }
  return moveByTape(trainableVariables(gan.discriminator), () => {
    const logits = gan.discriminator.apply(images, { training: true }) as tf.Tensor;
    return { logits, value: discriminatorLoss(loss, logits) };
  });
}

function workOutGeneratorMove(gan: Gan, z: tf.Tensor2D, loss: GanLoss): Move {
  const generator = denseChainOf(gan.generator);
  const discriminator = denseChainOf(gan.discriminator);
  if (generator !== undefined && discriminator !== undefined) return moveThrough(generator, discriminator, z, loss);
  return moveByTape(trainableVariables(gan.generator), () => {
    const images = gan.generator.apply(z, { training: true }) as tf.Tensor;
    const logits = gan.discriminator.apply(images, { training: true }) as tf.Tensor;
    return { logits, value: generatorLoss(loss, logits) };
  });
}

/** D's loss for its logits on real and fake images, `[2m, 1]`. */
export function discriminatorLoss(loss: GanLoss, logits: tf.Tensor): tf.Scalar {
  const [real, fake] = tf.split(asRead(loss, logits), 2, 0) as [tf.Tensor, tf.Tensor];
  return loss.discriminator(real, fake);
}

/** G's loss for D's logits on fake images, `[m, 1]`. */
export function generatorLoss(loss: GanLoss, logits: tf.Tensor): tf.Scalar {
  return loss.generator(asRead(loss, logits));
}

function moveThrough(generator: DenseChain, discriminator: DenseChain, z: tf.Tensor2D, loss: GanLoss): Move {
  const made = chainForward(generator, z);
  const judged = chainForward(discriminator, made.at(-1)!);
  const logits = judged.at(-1)!;
  const dImages = inputGradient(discriminator, judged, generatorSlope(loss, logits));
  return { logits, gradients: weightGradients(generator, z, made, dImages) };
}

function moveByTape(variables: tf.Variable[], play: () => { logits: tf.Tensor; value: tf.Scalar }): Move {
  let logits: tf.Tensor | undefined;
  const { value, grads } = tf.variableGrads(() => {
    const played = play();
    // The tape's scope would dispose of the logits, which the metrics still want.
    logits = tf.keep(tf.clone(played.logits));
    return played.value;
  }, variables);
  value.dispose();
  return { logits: released(logits!), gradients: grads };
}

/** Hands a kept tensor back to the tidy around us. */
function released(kept: tf.Tensor): tf.Tensor {
  const copy = tf.clone(kept);
  kept.dispose();
  return copy;
}

function discriminatorSlope(loss: GanLoss, logits: tf.Tensor): tf.Tensor2D {
  const slope = loss.slopes?.discriminator(logits) ?? tf.grad((l: tf.Tensor) => discriminatorLoss(loss, l))(logits);
  return slope as tf.Tensor2D;
}

function generatorSlope(loss: GanLoss, logits: tf.Tensor): tf.Tensor2D {
  const slope = loss.slopes?.generator(logits) ?? tf.grad((l: tf.Tensor) => generatorLoss(loss, l))(logits);
  return slope as tf.Tensor2D;
}

/** Frees the activations of one move before the next needs room: what the processor's cache holds is small. */
function tidyMove(workOut: () => Move): Move {
  return tf.tidy(workOut as unknown as () => tf.TensorContainer) as unknown as Move;
}

function asRead(loss: GanLoss, logits: tf.Tensor): tf.Tensor {
  return loss.on === 'probabilities' ? tf.sigmoid(logits) : logits;
}

function asRows(images: tf.Tensor): tf.Tensor2D {
  return tf.reshape(images, [images.shape[0]!, -1]);
}
