import { tf } from '@lab/core';
import type { Source } from '../source.ts';
import type { Operation } from '../trial.ts';

type Shape4D = [number, number, number, number];
type Pad = 'same' | 'valid' | number;

const channels = ({ draw }: Source): number => draw.pick([1, 2, 3, 5, 8, 16, 24]);

function picture(source: Source, depth = channels(source)): Shape4D {
  const { draw } = source;
  return [draw.integer(1, 3), draw.integer(3, 11), draw.integer(3, 11), depth];
}

function geometry({ draw }: Source) {
  const size = draw.chance(0.5) ? ([3, 3] as const) : ([draw.integer(1, 3), draw.integer(1, 3)] as const);
  const dilation = draw.chance(0.15) ? 2 : 1;
  const strides: [number, number] =
    dilation > 1 || draw.chance(0.5) ? [1, 1] : [draw.integer(1, 3), draw.integer(1, 3)];
  const pad = dilation > 1 ? 'same' : draw.pick<Pad>(['same', 'same', 'valid', 1]);
  return { size, dilation, strides, pad, rounding: typeof pad === 'number' ? ('floor' as const) : undefined };
}

const conv2d: Operation = (source) => {
  const { size, dilation, strides, pad, rounding } = geometry(source);
  const shape = picture(source);
  const filter: Shape4D = [...size, shape[3], channels(source)];
  const run = (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
    tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, 'NHWC', dilation, rounding);
  const name = `conv2d, strides ${strides}, pad ${pad}, dilation ${dilation}`;
  const inputs = [source.tensor(shape), source.tensor(filter)];
  return { name, inputs, run, error: 'summing', gradients: dilation === 1 };
};

const fusedConv2d: Operation = (source) => {
  const { size, dilation, strides, pad, rounding } = geometry(source);
  const shape = picture(source);
  const filter: Shape4D = [...size, shape[3], channels(source)];
  const activation = source.draw.pick(['linear', 'relu', 'sigmoid', 'elu'] as const);
  const ending = (end: typeof activation) => (x: tf.Tensor, w: tf.Tensor, bias: tf.Tensor) =>
    tf.fused.conv2d({
      ...{ x: x as tf.Tensor4D, filter: w as tf.Tensor4D, bias, activation: end, strides, pad },
      ...{ dataFormat: 'NHWC', dilations: dilation, ...(rounding && { dimRoundingMode: rounding }) },
    });
  const inputs = [source.tensor(shape), source.tensor(filter), source.tensor([filter[3]])];
  const [run, sums, gradients] = [ending(activation), ending('linear'), dilation === 1 && activation === 'linear'];
  const name = `fused conv2d, ${activation}, strides ${strides}, pad ${pad}`;
  return { name, inputs, run, sums, error: 'summing', gradients };
};

const transposed: Operation = (source) => {
  const strides: [number, number] = [source.draw.integer(1, 2), source.draw.integer(1, 2)];
  const [batch, height, width, depth] = picture(source);
  const out: Shape4D = [batch, height * strides[0], width * strides[1], source.draw.pick([1, 3, 8, 16])];
  const run = (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
    tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, out, strides, 'same');
  const inputs = [source.tensor([batch, height, width, depth]), source.tensor([3, 3, out[3], depth])];
  return { name: `conv2dTranspose, strides ${strides}`, inputs, run, error: 'summing', gradients: true };
};

const depthwise: Operation = (source) => {
  const { size, dilation, strides, pad, rounding } = geometry(source);
  const shape = picture(source);
  const filter: Shape4D = [...size, shape[3], source.draw.integer(1, 2)];
  const run = (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
    tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, 'NHWC', dilation, rounding);
  const inputs = [source.tensor(shape), source.tensor(filter)];
  const name = `depthwiseConv2d, strides ${strides}, pad ${pad}, dilation ${dilation}`;
  return { name, inputs, run, error: 'summing', gradients: dilation === 1 };
};

const pool: Operation = (source) => {
  const { draw } = source;
  const kind = draw.pick(['max', 'avg'] as const);
  const size = draw.integer(1, 3);
  const strides: [number, number] = [draw.integer(1, 3), draw.integer(1, 3)];
  const pad = draw.pick(['same', 'valid'] as const);
  const run = (x: tf.Tensor): tf.Tensor =>
    (kind === 'max' ? tf.maxPool : tf.avgPool)(x as tf.Tensor4D, size, strides, pad);
  const name = `${kind}Pool ${size}, strides ${strides}, ${pad}`;
  return { name, inputs: [source.tensor(picture(source))], run, error: 'summing', gradients: true };
};

const resize: Operation = (source) => {
  const { draw } = source;
  const size: [number, number] = [draw.integer(1, 16), draw.integer(1, 16)];
  const nearest = draw.chance(0.5);
  const corners = draw.pick([
    [false, false],
    [true, false],
    [false, true],
  ] as const);
  const run = (x: tf.Tensor): tf.Tensor =>
    (nearest ? tf.image.resizeNearestNeighbor : tf.image.resizeBilinear)(x as tf.Tensor4D, size, ...corners);
  const name = `resize ${nearest ? 'nearest' : 'bilinear'} to ${size}, ${corners}`;
  const x = source.tensor(picture(source));
  // tfjs has no derivative for half-pixel centres. cpu gets a bilinear one wrong that isn't square, by its shape, and takes
  // all pictures but the first from the wrong place for a nearest one.
  const gradients = !corners[1] && (nearest ? x.shape[0] === 1 : x.shape[1] === x.shape[2]);
  return { name, inputs: [x], run, error: 'rounding', gradients };
};

const batchNorm: Operation = (source) => {
  const shape = picture(source);
  const inputs = [source.tensor(shape), ...[1, 2, 3, 4].map(() => source.tensor([shape[3]]))];
  const run = (...[x, mean, variance, offset, scale]: tf.Tensor[]): tf.Tensor =>
    tf.batchNorm(
      x!,
      mean as tf.Tensor1D,
      tf.add(tf.abs(variance!), 0.5) as tf.Tensor1D,
      offset as tf.Tensor1D,
      scale as tf.Tensor1D,
    );
  return { name: 'batchNorm', inputs, run, error: 'rounding', gradients: true };
};

const layerNorm: Operation = (source) => {
  const x = source.tensor([source.draw.integer(1, 40), source.draw.integer(2, 60)]);
  const run = (y: tf.Tensor): tf.Tensor => {
    const { mean, variance } = tf.moments(y, -1, true);
    return tf.mul(tf.sub(y, mean), tf.rsqrt(tf.add(variance, 0.5)));
  };
  return { name: 'layer norm', inputs: [x], run, error: 'rounding', gradients: true };
};

export const windows: readonly Operation[] = [
  conv2d,
  conv2d,
  fusedConv2d,
  transposed,
  depthwise,
  pool,
  pool,
  resize,
  batchNorm,
  layerNorm,
];
