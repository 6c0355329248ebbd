import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tf } from '../src/index.ts';
import { describeBackends, expectNoLeak, expectTensorsClose } from '../src/testing.ts';

interface Values {
  shape: number[];
  values: number[];
}
type Given = Record<'x' | 'w' | 's', Values>;
type Case = Given & { dx: Values; penalty: number; second: Given };
type Function = (x: tf.Tensor, w: tf.Tensor) => tf.Tensor;

const golden = JSON.parse(readFileSync(new URL('./golden/second-derivatives.json', import.meta.url), 'utf8')) as Record<
  string,
  Case
>;

const onRows =
  (f: (rows: tf.Tensor) => tf.Tensor): Function =>
  (x, w) =>
    f(tf.matMul(x, w));
const conv = (x: tf.Tensor, w: tf.Tensor, strides: number, pad: number) =>
  tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad);

const functions: Record<string, Function> = {
  sigmoid: onRows(tf.sigmoid),
  tanh: onRows(tf.tanh),
  exp: onRows(tf.exp),
  softplus: onRows(tf.softplus),
  swish: onRows((rows) => tf.mul(rows, tf.sigmoid(rows))),
  softmax: onRows((rows) => tf.softmax(rows)),
  logSoftmax: onRows((rows) => tf.logSoftmax(rows)),
  relu: onRows((rows) => tf.square(tf.relu(rows))),
  leakyRelu: onRows((rows) => tf.leakyRelu(rows, 0.2)),
  elu: onRows(tf.elu),
  selu: onRows(tf.selu),
  maximum: onRows((rows) => tf.maximum(rows, tf.square(rows))),
  minimum: onRows((rows) => tf.minimum(rows, tf.sub(tf.exp(rows), 1.5))),
  max: onRows((rows) => tf.max(tf.reshape(tf.exp(rows), [3, 2, 2]), 2)),
  clip: onRows((rows) => tf.clipByValue(tf.exp(rows), 0.5, 2)),
  twoLayers: (x, w) => tf.sigmoid(tf.matMul(tf.tanh(tf.matMul(x, w)), w, false, true)),
  avgPool: (x, w) => tf.avgPool(conv(tf.exp(x), w, 1, 1) as tf.Tensor4D, 2, 2, 'valid'),
  avgPoolOverlapping: (x, w) => tf.avgPool(tf.sigmoid(conv(x, w, 1, 1)) as tf.Tensor4D, 3, 1, 'valid'),
  maxPool: (x, w) => tf.maxPool(tf.sigmoid(conv(x, w, 1, 2)) as tf.Tensor4D, 2, 2, 'valid'),
  conv: (x, w) => tf.tanh(conv(x, w, 1, 0)),
  convStrided: (x, w) => tf.sigmoid(conv(x, w, 2, 1)),
  convTranspose: (x, w) => tf.tanh(tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, 6, 6, 3], 2, 1)),
  critic: (x, w) => {
    const hidden = tf.leakyRelu(conv(x, w, 2, 1), 0.2);
    return tf.sum(tf.tanh(conv(hidden, tf.transpose(w, [0, 1, 3, 2]), 1, 1)), [1, 2]);
  },
};

const tensor = ({ shape, values }: Values) => tf.tensor(values, shape);
const slopeOf = (f: Function, x: tf.Tensor, w: tf.Tensor, s: tf.Tensor) =>
  tf.grad((input: tf.Tensor) => tf.sum(tf.mul(f(input, w), s)))(x);

describeBackends('second derivatives', () => {
  it.each(Object.keys(golden))('of %s equal PyTorch in float64', (name) => {
    const { dx, penalty, second, ...given } = golden[name]!;
    expectNoLeak(() =>
      tf.tidy(() => {
        const inputs = [given.x, given.w, given.s].map(tensor) as [tf.Tensor, tf.Tensor, tf.Tensor];
        const penalise = (x: tf.Tensor, w: tf.Tensor, s: tf.Tensor) =>
          tf.sum(tf.square(slopeOf(functions[name]!, x, w, s)));
        expectTensorsClose(slopeOf(functions[name]!, ...inputs), tensor(dx));
        const { value, grads } = tf.valueAndGrads(penalise)(inputs);
        const scale = Math.max(1, ...Object.values(second).flatMap(({ values }) => values.map(Math.abs)));
        const tolerance = { absolute: 2e-6 * scale, relative: 1e-4 };
        expectTensorsClose(value, penalty, { relative: 2e-5 });
        [second.x, second.w, second.s].forEach((wanted, i) => expectTensorsClose(grads[i]!, tensor(wanted), tolerance));
      }),
    );
  });

  it('that nobody has written are refused, not guessed', () => {
    tf.tidy(() => {
      const x = tf.ones<tf.Rank.R4>([1, 5, 5, 2]);
      const slope = (input: tf.Tensor4D) =>
        tf.grad((inner: tf.Tensor) =>
          tf.sum(tf.square(tf.depthwiseConv2d(inner as tf.Tensor4D, tf.ones([3, 3, 2, 1]), 1, 'same'))),
        )(input);
      const second = () => tf.grad((input: tf.Tensor) => tf.sum(tf.square(slope(input as tf.Tensor4D))))(x);
      expect(second).toThrow(/gradient function not found for DepthwiseConv2dNativeBackpropInput/);
    });
  });

  it('of max pooling with windows that overlap are refused', () => {
    tf.tidy(() => {
      const x = tf.randomNormal<tf.Rank.R4>([1, 6, 6, 1], 0, 1, 'float32', 1);
      const slope = (input: tf.Tensor) =>
        tf.grad((inner: tf.Tensor) => tf.sum(tf.maxPool(inner as tf.Tensor4D, 3, 2, 'valid')))(tf.square(input));
      expect(() => tf.grad((input: tf.Tensor) => tf.sum(slope(input)))(x)).toThrow(/max pooling.*3x3 in steps of 2x2/);
    });
  });

  describe('of operations on one number', () => {
    it.each(Object.entries(unary))('%s equal differences of the first', (_, [f, from, to]) => {
      tf.tidy(() => {
        const x = tf.linspace(from, to, 7);
        const first = (input: tf.Tensor) => tf.grad((inner: tf.Tensor) => tf.sum(f(inner)))(input);
        const second = tf.grad((input: tf.Tensor) => tf.sum(first(input)))(x);
        const h = 4e-3;
        const differences = tf.div(tf.sub(first(tf.add(x, h)), first(tf.sub(x, h))), 2 * h);
        expectTensorsClose(second, differences, { absolute: 5e-3, relative: 1e-2 });
      });
    });
  });
});

/** Each with a range in which it is smooth. */
const unary: Record<string, [(x: tf.Tensor) => tf.Tensor, number, number]> = {
  abs: [tf.abs, 0.2, 2],
  acos: [tf.acos, -0.7, 0.7],
  acosh: [tf.acosh, 1.5, 3],
  asin: [tf.asin, -0.7, 0.7],
  asinh: [tf.asinh, -2, 2],
  atan: [tf.atan, -2, 2],
  atanh: [tf.atanh, -0.6, 0.6],
  cos: [tf.cos, -2, 2],
  cosh: [tf.cosh, -2, 2],
  cumsum: [(x) => tf.square(tf.cumsum(x)), -1, 1],
  elu: [tf.elu, -2, -0.1],
  erf: [tf.erf, -2, 2],
  exp: [tf.exp, -2, 2],
  expm1: [tf.expm1, -2, 2],
  leakyRelu: [(x) => tf.square(tf.leakyRelu(x, 0.3)), -2, -0.1],
  log: [tf.log, 0.5, 3],
  log1p: [tf.log1p, 0, 3],
  logSigmoid: [tf.logSigmoid, -2, 2],
  mean: [(x) => tf.square(tf.mean(tf.exp(x))), -1, 1],
  mod: [(x) => tf.square(tf.mod(x, 5)), 0.2, 3],
  pow: [(x) => tf.pow(x, 3), 0.5, 2],
  prelu: [(x) => tf.square(tf.prelu(x, tf.scalar(0.3))), -2, -0.1],
  reciprocal: [tf.reciprocal, 0.5, 2],
  relu6: [(x) => tf.square(tf.relu6(x)), 0.2, 3],
  rsqrt: [tf.rsqrt, 0.5, 2],
  selu: [tf.selu, -2, -0.1],
  sigmoid: [tf.sigmoid, -3, 3],
  sin: [tf.sin, -2, 2],
  sinh: [tf.sinh, -2, 2],
  softmax: [(x) => tf.square(tf.softmax(x)), -1, 1],
  softplus: [tf.softplus, -3, 3],
  sqrt: [tf.sqrt, 0.5, 2],
  square: [tf.square, -2, 2],
  tan: [tf.tan, -0.8, 0.8],
  tanh: [tf.tanh, -2, 2],
};
