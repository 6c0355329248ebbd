import { tf } from '@lab/core';
import type { Gan } from './gan.ts';
import { layersOf } from './networks/layers-of.ts';
import { MinibatchStdDev } from './networks/minibatch-std-dev.ts';

/** What D says of images. */
export interface Verdict {
  /** D's logits or scores, `[B, 1]`. */
  readonly logits: tf.Tensor;
  /** The class logits `[B, classes]` of a D that is an auxiliary classifier, too. */
  readonly classLogits: tf.Tensor | undefined;
}

/** Whether D names classes, as an auxiliary classifier (Odena et al. 2017) does: `[B, 1 + classes]`. */
export function namesClasses({ discriminator }: Gan): boolean {
  return discriminator.outputs[0]!.shape[1] !== 1;
}

/** D on images, as in training; shown their labels if it takes any. */
export function discriminate({ discriminator }: Gan, images: tf.Tensor, condition: tf.Tensor2D | undefined): Verdict {
  const inputs = discriminator.inputs.length === 1 ? images : [images, condition!];
  const outputs = discriminator.apply(inputs, { training: true }) as tf.Tensor;
  const columns = outputs.shape[1]!;
  if (columns === 1) return { logits: outputs, classLogits: undefined };
  const [logits, classLogits] = tf.split(outputs, [1, columns - 1], 1);
  return { logits: logits!, classLogits: classLogits! };
}

/** D on real images and on as many fake ones of the same labels; the real ones' rows come first. */
export function discriminateBoth(
  gan: Gan,
  real: tf.Tensor,
  fake: tf.Tensor,
  condition: tf.Tensor2D | undefined,
): Verdict {
  const both = condition && tf.concat([condition, condition], 0);
  if (!looksAtTheBatch(gan.discriminator)) return discriminate(gan, tf.concat([real, fake], 0), both);
  // What a layer makes of a batch must not mix what is real with what is not.
  const [onReal, onFake] = [real, fake].map((images) => discriminate(gan, images, condition)) as [Verdict, Verdict];
  return {
    logits: tf.concat([onReal.logits, onFake.logits], 0),
    classLogits: onReal.classLogits && tf.concat([onReal.classLogits, onFake.classLogits!], 0),
  };
}

function looksAtTheBatch(model: tf.LayersModel): boolean {
  return layersOf(model).some(
    (layer) => layer instanceof MinibatchStdDev || layer.getClassName() === 'BatchNormalization',
  );
}

/**
 * The auxiliary classifier's loss, which both players minimise: the mean cross-entropy of the classes asked for. Zero
 * for a D that names none.
 *
 * Odena et al. 2017, "Conditional Image Synthesis with Auxiliary Classifier GANs", equation 3.
 */
export function classLoss(classLogits: tf.Tensor | undefined, condition: tf.Tensor | undefined): tf.Scalar | undefined {
  if (classLogits === undefined || condition === undefined) return undefined;
  return tf.neg(tf.mean(tf.sum(tf.mul(condition, tf.logSoftmax(classLogits)), 1)));
}
