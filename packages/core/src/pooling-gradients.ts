import * as tf from './tf.js';

type Attrs = tf.AvgPoolGradAttrs | tf.MaxPoolGradAttrs;

/** The derivatives of the derivatives of average and of max pooling. */
export function registerPoolingGradients(): void {
  // It is linear, and its transpose is the pooling itself.
  tf.registerGradient({
    kernelName: tf.AvgPoolGrad,
    inputsToSave: ['input'],
    gradFunc: (upstream, [input], attrs) => ({
      dy: () => averagePool(upstream as tf.Tensor4D, attrs as unknown as Attrs),
      input: () => tf.zeros(input!.shape),
    }),
  });

  // It puts every dy where its window has its largest value; the transpose brings the upstream back from there.
  tf.registerGradient({
    kernelName: tf.MaxPoolGrad,
    inputsToSave: ['dy', 'input', 'output'],
    gradFunc: (upstream, saved, namedAttrs) => {
      const [dy, input, output] = saved as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
      const attrs = namedAttrs as unknown as Attrs;
      requireSeparateWindows(attrs);
      const largest = tf
        .engine()
        .runKernel(tf.MaxPoolGrad, { dy: tf.onesLike(dy), input, output }, namedAttrs) as tf.Tensor4D;
      return {
        dy: () => tf.div(averagePool(tf.mul(upstream as tf.Tensor4D, largest), attrs), averagePool(largest, attrs)),
        input: () => tf.zeros(input.shape),
        output: () => tf.zeros(output.shape),
      };
    },
  });
}

function averagePool(x: tf.Tensor4D, { filterSize, strides, pad }: Attrs): tf.Tensor4D {
  return tf.avgPool(x, filterSize, strides, pad);
}

/** In windows that overlap, one place can be the largest of several, and the sum that comes back cannot be told apart. */
function requireSeparateWindows({ filterSize, strides }: Attrs): void {
  const [[height, width], [down, right]] = [pair(filterSize), pair(strides)];
  if (down >= height && right >= width) return;
  throw new Error(
    `The second derivative of max pooling is known for windows that don't overlap only, not for ${height}x${width} ` +
      `in steps of ${down}x${right}. Use larger strides, average pooling, or a convolution with strides.`,
  );
}

function pair(size: number | [number, number]): [number, number] {
  return typeof size === 'number' ? [size, size] : size;
}
