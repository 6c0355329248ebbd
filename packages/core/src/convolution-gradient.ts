import * as tf from './tf.js';

/**
 * The derivative of a convolution's derivative with respect to its filter. That is linear in the image x and in dy, so
 * that for an upstream of the filter's shape the two are a convolution's own: with respect to x, dy taken back through the
 * upstream as a filter; with respect to dy, x convolved with it. (tfjs has the one for `Conv2DBackpropInput`.)
 */
export function registerConvolutionGradient(): void {
  tf.registerGradient({
    kernelName: tf.Conv2DBackpropFilter,
    inputsToSave: ['x', 'dy'],
    gradFunc: (upstream, saved, attrs) => {
      const filter = upstream as tf.Tensor4D;
      const [x, dy] = saved as [tf.Tensor4D, tf.Tensor4D];
      const { strides, pad, dataFormat, dimRoundingMode } = attrs as unknown as tf.Conv2DBackpropFilterAttrs;
      const back = { strides, pad, dataFormat, dimRoundingMode, inputShape: x.shape };
      return {
        x: () => tf.engine().runKernel(tf.Conv2DBackpropInput, { dy, filter }, back as unknown as tf.NamedAttrMap),
        dy: () => tf.conv2d(x, filter, strides, pad, dataFormat, 1, dimRoundingMode),
      };
    },
  });
}
