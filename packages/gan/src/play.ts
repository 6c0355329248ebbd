import { type RandomKey, tf } from '@lab/core';
import { chainForward, chainGradients, chainInput, denseChainOf } from './dense-chain.ts';
import { stack } from './dense-kernels.ts';
import { type Gan, imageShape, trainableVariables } from './gan.ts';
import { type Verdict, classLoss, discriminate, discriminateBoth, namesClasses } from './discriminate.ts';
import { leavingState } from './leave-state.ts';
import type { GanLoss } from './losses.ts';
import type { Minibatch } from './minibatch.ts';
import type { Penalty } from './penalties.ts';

/** One player's move, worked out but not yet made. */
export interface Move {
  /** D's logits that the loss was computed from: `[2m, 1]`, the real images first, for D's move; `[m, 1]` for G's. */
  readonly logits: tf.Tensor;
  /** The gradient of the player's loss with respect to its own weights, by variable name. */
  readonly gradients: tf.NamedTensorMap;
  /** All that the player minimises, where it is more than the loss of `logits`. */
  readonly value?: tf.Scalar;
}

/** What a move of D's is about. */
export interface DiscriminatorPlay {
  readonly loss: GanLoss;
  readonly penalty?: Penalty | undefined;
  /** What the penalty draws from. */
  readonly key: RandomKey;
}

/** G(z), or G(z, y), `[B, height, width, channels]`; as in training if `training` is set, or as for samples. */
export function generate(gan: Gan, z: tf.Tensor2D, condition: tf.Tensor2D | undefined, training: boolean): tf.Tensor {
  const chain = denseChainOf(gan.generator);
  if (chain !== undefined) {
    return tf.reshape(chainForward(chain, chainInput(z, condition)).at(-1)!, [z.shape[0], ...imageShape(gan)]);
  }
  return gan.generator.apply(condition === undefined ? z : [z, condition], { training }) as tf.Tensor;
}

/** The gradient of D's loss with respect to D's weights; the images are constants, G(z) too. */
export function discriminatorMove(gan: Gan, real: Minibatch, z: tf.Tensor2D, play: DiscriminatorPlay): Move {
  return tidyMove(() => {
    const fake = leavingState(gan.generator, () => generate(gan, z, real.condition, true));
    const byHand = play.penalty === undefined && !namesClasses(gan);
    return (
      (byHand ? discriminatorByHand(gan, real, fake, play.loss) : undefined) ??
      discriminatorByTape(gan, real, fake, play)
    );
  });
}

/** The gradient of G's loss with respect to G's weights, through D, whose weights are constants. */
export function generatorMove(gan: Gan, z: tf.Tensor2D, condition: tf.Tensor2D | undefined, loss: GanLoss): Move {
  return tidyMove(() => {
    const byHand = namesClasses(gan) ? undefined : generatorByHand(gan, z, condition, loss);
    return byHand ?? generatorByTape(gan, z, condition, loss);
  });
}

function discriminatorByHand(
  gan: Gan,
  { images, condition }: Minibatch,
  fake: tf.Tensor,
  loss: GanLoss,
): Move | undefined {
  const chain = denseChainOf(gan.discriminator);
  if (chain === undefined) return undefined;
  const x = stack(chainInput(images, condition), chainInput(fake, condition));
  const outputs = chainForward(chain, x);
  const logits = outputs.at(-1)!;
  return { logits, gradients: chainGradients(chain, x, outputs, discriminatorSlope(loss, logits)) };
}

function discriminatorByTape(
  gan: Gan,
  real: Minibatch,
  fake: tf.Tensor,
  { loss, penalty, key }: DiscriminatorPlay,
): Move {
  const { images, condition } = real;
  const critic = (shown: tf.Tensor) => discriminate(gan, shown, condition).logits;
  return moveByTape(trainableVariables(gan.discriminator), () => {
    const verdict = discriminateBoth(gan, images, fake, condition);
    const ofLogits = discriminatorLoss(loss, verdict.logits);
    const ofClasses = classLoss(verdict.classLogits, condition && tf.concat([condition, condition], 0));
    // The mean over both halves, times two: the sum of one cross-entropy for each.
    const terms = [ofLogits, ofClasses && tf.mul(2, ofClasses), penalty?.value({ critic, real: images, fake, key })];
    return { verdict, value: sumOf(terms as (tf.Scalar | undefined)[]) };
  });
}

function generatorByHand(
  gan: Gan,
  z: tf.Tensor2D,
  condition: tf.Tensor2D | undefined,
  loss: GanLoss,
): Move | undefined {
  const generator = denseChainOf(gan.generator);
  const discriminator = denseChainOf(gan.discriminator);
  if (generator === undefined || discriminator === undefined) return undefined;
  const x = chainInput(z, condition);
  const made = chainForward(generator, x);
  const judged = chainForward(discriminator, chainInput(made.at(-1)!, condition));
  const logits = judged.at(-1)!;
  // D on G is one chain, of which the first links' weights move.
  const chain = [...generator, ...discriminator];
  const slope = generatorSlope(loss, logits);
  return { logits, gradients: chainGradients(chain, x, [...made, ...judged], slope, generator.length) };
}

function generatorByTape(gan: Gan, z: tf.Tensor2D, condition: tf.Tensor2D | undefined, loss: GanLoss): Move {
  return leavingState(gan.discriminator, () =>
    moveByTape(trainableVariables(gan.generator), () => {
      const inputs = condition === undefined ? z : [z, condition];
      const images = gan.generator.apply(inputs, { training: true }) as tf.Tensor;
      const verdict = discriminate(gan, images, condition);
      return {
        verdict,
        value: sumOf([generatorLoss(loss, verdict.logits), classLoss(verdict.classLogits, condition)]),
      };
    }),
  );
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

function sumOf(terms: readonly (tf.Scalar | undefined)[]): tf.Scalar {
  return terms.filter((term) => term !== undefined).reduce((sum, term) => tf.add(sum, term));
}

function moveByTape(variables: tf.Variable[], play: () => { verdict: Verdict; value: tf.Scalar }): Move {
  let logits: tf.Tensor | undefined;
  const { value, grads } = tf.variableGrads(() => {
    const played = play();
    // The tape's scope would dispose of the logits, which the metrics still want.
    logits = tf.keep(tf.clone(played.verdict.logits));
    return played.value;
  }, variables);
  return { logits: released(logits!), gradients: grads, value };
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
