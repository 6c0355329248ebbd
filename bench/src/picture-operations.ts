import * as tf from '@tensorflow/tfjs-core';
import { random, type Setup } from './dense-operations.ts';

const pictures = (...shape: [number, number, number, number]) => random(...shape) as tf.Tensor4D;

/** A kernel that only gradients call, by its name. */
function kernel(name: string, inputs: () => tf.NamedTensorMap, attrs: tf.NamedAttrMap): Setup {
  return () => {
    const made = inputs();
    return () => tf.engine().runKernel(name, made, attrs);
  };
}

const of = <X extends tf.Tensor>(make: () => X, op: (x: X) => tf.Tensor): Setup => {
  return () => {
    const x = make();
    return () => op(x);
  };
};

const pooled = { filterSize: 2, strides: 2, pad: 'valid' };
const whole = () => pictures(32, 24, 24, 64);
const half = () => pictures(32, 12, 12, 64);
const small = () => pictures(16, 14, 14, 64);
const large = () => pictures(16, 28, 28, 64);
const filtered = () => pictures(8, 28, 28, 32);
const filter = () => pictures(3, 3, 32, 1);
const same = { strides: 1, pad: 'same', dilations: 1 };

/** What convolutional networks and U-Nets ask for beside convolution, with the kernels of the gradients. */
export const pictureOperations: Readonly<Record<string, Setup>> = {
  'maxPool 2 x 2 [32, 24, 24, 64]': of(whole, (x) => tf.maxPool(x, 2, 2, 'valid')),
  'its gradient': kernel(tf.MaxPoolGrad, () => ({ dy: half(), input: whole(), output: half() }), pooled),
  'avgPool 2 x 2 [32, 24, 24, 64]': of(whole, (x) => tf.avgPool(x, 2, 2, 'valid')),
  'gradient of avgPool': kernel(tf.AvgPoolGrad, () => ({ dy: half(), input: whole() }), pooled),
  'nearest [16, 14, 14, 64] to 28 x 28': of(small, (x) => tf.image.resizeNearestNeighbor(x, [28, 28])),
  'gradient of nearest': kernel(
    tf.ResizeNearestNeighborGrad,
    () => ({ images: small(), dy: large() }),
    { alignCorners: false, size: [28, 28] }, // prettier-ignore
  ),
  'bilinear [16, 14, 14, 64] to 28 x 28': of(small, (x) => tf.image.resizeBilinear(x, [28, 28])),
  'depthwiseConv2d 3 x 3 [8, 28, 28, 32]': () => {
    const [x, weights] = [filtered(), filter()];
    return () => tf.depthwiseConv2d(x, weights, 1, 'same');
  },
  'its gradient by the input': kernel(
    tf.DepthwiseConv2dNativeBackpropInput,
    () => ({ dy: filtered(), filter: filter() }),
    { ...same, inputShape: [8, 28, 28, 32] }, // prettier-ignore
  ),
  'its gradient by the filter': kernel(
    tf.DepthwiseConv2dNativeBackpropFilter,
    () => ({ x: filtered(), dy: filtered() }),
    { ...same, filterShape: [3, 3, 32, 1] }, // prettier-ignore
  ),
  'concat of 64 and 32 channels [16, 28, 28]': () => {
    const [a, b] = [large(), pictures(16, 28, 28, 32)];
    return () => tf.concat([a, b], 3);
  },
  'slice of 64 of 96 channels [16, 28, 28]': of(
    () => pictures(16, 28, 28, 96),
    (x) => tf.slice(x, [0, 0, 0, 32], [16, 28, 28, 64]),
  ),
  'sum of all but channels [16, 28, 28, 64]': of(large, (x) => tf.sum(x, [0, 1, 2])),
  'add [16, 28, 28, 64] [16, 1, 1, 64]': () => {
    const [x, shift] = [large(), pictures(16, 1, 1, 64)];
    return () => tf.add(x, shift);
  },
  'equal [128, 240, 5] [128, 240, 1]': () => {
    const [x, y] = [random(128, 240, 5), random(128, 240, 1)];
    return () => tf.equal(x, y);
  },
  'argMax over columns [128, 784]': of(() => random(128, 784), (x) => tf.argMax(x, 1)), // prettier-ignore
  'cumsum over columns [128, 784]': of(() => random(128, 784), (x) => tf.cumsum(x, 1)), // prettier-ignore
  'tile [16, 1, 1, 64] to [16, 28, 28, 64]': of(
    () => pictures(16, 1, 1, 64),
    (x) => tf.tile(x, [1, 28, 28, 1]),
  ),
};
