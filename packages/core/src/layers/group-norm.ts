import { tf } from '../index.ts';

/** Applied to the normalised values: nothing, or SiLU, z sigmoid(z) (Hendrycks & Gimpel 2016; Elfwing et al. 2018). */
export type NormActivation = 'linear' | 'silu';

/** What `groupNorm` reads. */
export interface GroupNormInputs {
  /** `[B, H, W, C]`. */
  readonly x: tf.Tensor4D;
  /** Scale of each channel, `[C]`. */
  readonly gamma: tf.Tensor1D;
  /** Offset of each channel, `[C]`. */
  readonly beta: tf.Tensor1D;
  /** Added to every pixel of an image before it is normalised, `[B, C]`: how a time embedding comes in. */
  readonly shift?: tf.Tensor2D;
}

/** Options of `groupNorm`. */
export interface GroupNormOptions {
  /** How many groups of neighbouring channels each image has; divides C. */
  readonly groups: number;
  /**
   * Added to the variance.
   *
   * @default 1e-5
   */
  readonly epsilon?: number;
  /** @default 'linear' */
  readonly activation?: NormActivation;
}

/**
 * Group normalisation, `activation(gamma (x + shift - mean) / sqrt(variance + epsilon) + beta)`, with mean and variance
 * of each image and group of channels: Wu & He 2018, equations 1, 2 and 6. `[B, H, W, C]`.
 *
 * One call forward and one backward where the backend has the kernels `GroupNorm` (inputs as here, attributes the
 * options; outputs y, and `mean` and `rstd`, `[B, groups]`) and `GroupNormGrad` (these and `dy`; outputs the derivatives
 * with respect to x, gamma, beta and shift).
 */
export function groupNorm(inputs: GroupNormInputs, options: GroupNormOptions): tf.Tensor4D {
  const { groups, epsilon = 1e-5, activation = 'linear' } = options;
  const hasKernel = tf.getKernel('GroupNorm', tf.getBackend()) !== undefined;
  return tf.tidy(() => (hasKernel ? fusedNorm : plainNorm)(inputs, { groups, epsilon, activation }));
}

function fusedNorm({ x, gamma, beta, shift }: GroupNormInputs, attrs: Required<GroupNormOptions>): tf.Tensor4D {
  const inputs = { x, gamma, beta, ...(shift !== undefined && { shift }) };
  const names = [...Object.keys(inputs), 'mean', 'rstd'];
  const normalise = tf.customGrad((...args) => {
    const [y, mean, rstd] = run('GroupNorm', inputs, attrs) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const save = args.at(-1) as tf.GradSaveFunc;
    save([...Object.values(inputs), mean, rstd]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      run('GroupNormGrad', { dy, ...Object.fromEntries(names.map((name, i) => [name, saved[i]!])) }, attrs);
    return { value: y, gradFunc };
  });
  return normalise(...Object.values(inputs)) as tf.Tensor4D;
}

function run(kernelName: string, inputs: tf.NamedTensorMap, attrs: object): tf.Tensor[] {
  return tf.engine().runKernel(kernelName, inputs, attrs as tf.NamedAttrMap) as tf.Tensor[];
}

function plainNorm(
  { x, gamma, beta, shift }: GroupNormInputs,
  { groups, epsilon, activation }: Required<GroupNormOptions>,
): tf.Tensor4D {
  const shifted = shift === undefined ? x : (tf.add(x, eachPixel(shift)) as tf.Tensor4D);
  const z = tf.add(tf.mul(normalise(shifted, groups, epsilon), gamma), beta) as tf.Tensor4D;
  return activation === 'silu' ? tf.mul(z, tf.sigmoid(z)) : z;
}

function normalise(x: tf.Tensor4D, groups: number, epsilon: number): tf.Tensor {
  const [batch, height, width, channels] = x.shape;
  const grouped = tf.reshape(x, [batch, height * width, groups, channels / groups]);
  const centred = tf.sub(grouped, tf.mean(grouped, [1, 3], true));
  const variance = tf.mean(tf.square(centred), [1, 3], true);
  return tf.reshape(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon))), x.shape);
}

function eachPixel(shift: tf.Tensor2D): tf.Tensor4D {
  return tf.reshape(shift, [shift.shape[0], 1, 1, shift.shape[1]]);
}
