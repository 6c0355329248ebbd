import * as tf from './tf.js';

/**
 * The derivative of elu's derivative. `EluGrad` is dy where y >= 0, and dy (y + 1) elsewhere, y being elu's value: linear
 * in dy, and with the slope dy in y below 0.
 */
export function registerEluGradient(): void {
  tf.registerGradient({
    kernelName: tf.EluGrad,
    inputsToSave: ['dy', 'y'],
    gradFunc: (upstream, [dy, y]) => ({
      dy: () => tf.engine().runKernel(tf.EluGrad, { dy: upstream as tf.Tensor, y: y! }),
      y: () => tf.mul(tf.mul(upstream as tf.Tensor, dy!), tf.step(tf.neg(y!))),
    }),
  });
}
