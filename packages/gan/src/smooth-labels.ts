import { ConfigError, requireNumber, tf } from '@lab/core';
import { type GanLoss, logistic, minimaxLogits } from './losses.ts';

/**
 * One-sided label smoothing: D's target on real images is `target` instead of 1, which keeps D from being sure; on fake ones
 * it stays 0, since smoothing there would hold fakes where they are. D's loss grows by (1 - target) mean(l) over the
 * logits l of real images; G's loss is unchanged.
 *
 * Salimans et al. 2016, "Improved Techniques for Training GANs", section 3.4.
 *
 * @param loss A cross-entropy on logits: `logistic` or `minimaxLogits`.
 * @param target From 0.5 to 1.
 * @throws ConfigError for another loss, or a target out of its range.
 */
export function smoothLabels(loss: GanLoss, target = 0.9): GanLoss {
  requireNumber('target', target, { min: 0.5, max: 1 });
  if (loss.discriminator !== logistic.discriminator) {
    const expected = `'${logistic.name}' or '${minimaxLogits.name}', a cross-entropy on logits`;
    throw new ConfigError({ field: 'The loss of smoothLabels', value: loss.name, expected });
  }
  const missing = 1 - target;
  const { slopes } = loss;
  return {
    ...loss,
    name: `${loss.name}, real labels ${target}`,
    discriminator: (real, fake) => tf.add(loss.discriminator(real, fake), tf.mul(missing, tf.mean(real))),
    ...(slopes !== undefined && {
      slopes: {
        ...slopes,
        discriminator: (logits) => tf.add(slopes.discriminator(logits), onReal(logits, missing)),
      },
    }),
  };
}

/** `slope / m` for the first half of the rows, the m real images', and 0 for the second. */
function onReal({ shape }: tf.Tensor, slope: number): tf.Tensor {
  const m = shape[0]! / 2;
  return tf.tensor(new Float32Array(2 * m).fill(slope / m, 0, m), shape);
}
