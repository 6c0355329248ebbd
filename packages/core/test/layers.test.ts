import { expect, it } from 'vitest';
import { RandomKey, tf } from '../src/index.ts';
import {
  attend,
  convolve,
  groupNorm,
  timeFeatures,
  upsample,
  type ConvolveOptions,
  type GroupNormOptions,
  type NormActivation,
} from '../src/layers.ts';
import { describeBackends, expectNoLeak, expectTensorsClose } from '../src/testing.ts';

const key = RandomKey.fromSeed(11);
const random = (name: string, shape: number[], mean = 0): tf.Tensor => key.child(name).normal(shape, mean);

/** The value of `f`, and the derivatives of its product with fixed weights, against those of `reference`. */
function expectSame(
  f: (...x: tf.Tensor[]) => tf.Tensor,
  reference: (...x: tf.Tensor[]) => tf.Tensor,
  inputs: readonly tf.Tensor[],
): void {
  const tolerance = { absolute: 2e-5, relative: 2e-5 };
  tf.tidy(() => {
    const dy = random('dy', reference(...inputs).shape);
    const [found, wanted] = [f, reference].map((each) => tf.valueAndGrads(each)([...inputs], dy));
    expectTensorsClose(found!.value, wanted!.value, tolerance);
    found!.grads.forEach((gradient, i) => expectTensorsClose(gradient, wanted!.grads[i]!, tolerance));
  });
}

function kernelNames(f: () => tf.Tensor | tf.Tensor[]): Promise<string[]> {
  return tf
    .profile(() => {
      tf.dispose(f());
      return [];
    })
    .then(({ kernels }) => kernels.map(({ name }) => name));
}

/** tf.split into one part has no gradient. */
function parted(x: tf.Tensor, parts: number, axis: number): tf.Tensor[] {
  return parts === 1 ? [x] : tf.split(x, parts, axis);
}

describeBackends(
  'groupNorm',
  () => {
    const cases = (['linear', 'silu'] as const).flatMap((activation) => [
      { shape: [3, 5, 4, 8], groups: 4, activation, shifted: true },
      { shape: [2, 1, 1, 6], groups: 2, activation, shifted: false },
      { shape: [2, 7, 3, 5], groups: 1, activation, shifted: false },
      { shape: [2, 9, 9, 24], groups: 8, activation, shifted: true },
    ]);

    it.each(cases)('and its gradients are those of the formula: %j', ({ shape, groups, activation, shifted }) => {
      tf.tidy(() => {
        const [batch, , , channels] = shape as [number, number, number, number];
        const inputs = [random('x', shape, 3), random('gamma', [channels], 1), random('beta', [channels])];
        if (shifted) inputs.push(random('shift', [batch, channels]));
        expectSame(
          (x, gamma, beta, shift) => norm({ x, gamma, beta, shift }, groups, activation),
          (x, gamma, beta, shift) => formula(x!, gamma!, beta!, shift, groups, activation),
          inputs,
        );
      });
    });

    it('is accurate where the mean is a thousand times the spread', () => {
      tf.tidy(() => {
        const x = tf.add(random('x', [2, 8, 8, 4]), 1000) as tf.Tensor4D;
        const y = groupNorm({ x, gamma: tf.ones([4]), beta: tf.zeros([4]) }, { groups: 2 });
        const [mean, square] = [tf.mean(y), tf.mean(tf.square(y))].map((value) => value.dataSync()[0]!);
        expect(Math.abs(mean!)).toBeLessThan(1e-3);
        expect(square).toBeCloseTo(1, 3);
      });
    });

    it('takes an epsilon that is undefined for one that is not given', () => {
      tf.tidy(() => {
        const [gamma, beta] = [tf.ones([4]), tf.zeros([4])] as [tf.Tensor1D, tf.Tensor1D];
        const inputs = { x: random('x', [2, 3, 3, 4]) as tf.Tensor4D, gamma, beta };
        // As JavaScript may pass it.
        const options = { groups: 2, epsilon: undefined } as unknown as GroupNormOptions;
        expectTensorsClose(groupNorm(inputs, options), groupNorm(inputs, { groups: 2 }), { absolute: 0 });
      });
    });

    it('leaves nothing behind, and gives one image the same as many', () => {
      expectNoLeak(() => {
        const x = random('x', [4, 3, 3, 6]) as tf.Tensor4D;
        const [gamma, beta] = [tf.ones([6]), tf.zeros([6])] as [tf.Tensor1D, tf.Tensor1D];
        const all = groupNorm({ x, gamma, beta }, { groups: 3 });
        const one = tf.slice(x, 2, 1);
        const alone = groupNorm({ x: one, gamma, beta }, { groups: 3 });
        const same = tf.slice(all, 2, 1);
        expectTensorsClose(alone, same, { absolute: 1e-6 });
        tf.dispose([x, gamma, beta, all, one, alone, same]);
      });
    });
  },
  ['cpu', 'simd'],
);

interface NormInputs {
  readonly x: tf.Tensor | undefined;
  readonly gamma: tf.Tensor | undefined;
  readonly beta: tf.Tensor | undefined;
  readonly shift: tf.Tensor | undefined;
}

function norm({ x, gamma, beta, shift }: NormInputs, groups: number, activation: NormActivation): tf.Tensor {
  const inputs = { x: x as tf.Tensor4D, gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D };
  return groupNorm(
    { ...inputs, ...(shift !== undefined && { shift: shift as tf.Tensor2D }) },
    { groups, epsilon: 1e-3, activation },
  );
}

/** Wu & He 2018, equations 1, 2 and 6, group by group. */
function formula(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  shift: tf.Tensor | undefined,
  groups: number,
  activation: NormActivation,
): tf.Tensor {
  const [batch, , , channels] = x.shape as [number, number, number, number];
  const moved = shift === undefined ? x : tf.add(x, tf.reshape(shift, [batch, 1, 1, channels]));
  const parts = parted(moved, groups, 3).map((part) => {
    const { mean, variance } = tf.moments(part, [1, 2, 3], true);
    return tf.div(tf.sub(part, mean), tf.sqrt(tf.add(variance, 1e-3)));
  });
  const z = tf.add(tf.mul(tf.concat(parts, 3), gamma), beta);
  return activation === 'silu' ? tf.div(z, tf.add(1, tf.exp(tf.neg(z)))) : z;
}

describeBackends(
  'convolve',
  () => {
    const cases: (ConvolveOptions & { size: number })[] = (['linear', 'relu', 'sigmoid'] as const).flatMap(
      (activation) => [
        { activation, size: 3 },
        { activation, size: 1, padding: 'valid' as const },
        { activation, size: 3, strides: [2, 2] as const },
        { activation, size: 2, strides: [2, 1] as const, padding: 'valid' as const },
      ],
    );

    it.each(cases)('is convolution, bias and activation, and so are its gradients: %j', ({ size, ...options }) => {
      tf.tidy(() => {
        const activate = { linear: (y: tf.Tensor) => y, relu: tf.relu, sigmoid: tf.sigmoid }[options.activation!];
        expectSame(
          (x, kernel, bias) => convolve(x as tf.Tensor4D, kernel as tf.Tensor4D, bias as tf.Tensor1D, options),
          (x, kernel, bias) => {
            const { strides = [1, 1], padding = 'same' } = options;
            const sums = tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, [...strides], padding);
            return activate(tf.add(sums, bias!));
          },
          [random('x', [2, 7, 6, 3]), random('kernel', [size, size, 3, 5]), random('bias', [5])],
        );
      });
    });

    it('stays one kernel under a gradient, and leaves out the derivative nobody wants', async () => {
      const x = random('x', [2, 5, 5, 3]) as tf.Tensor4D;
      const [kernel, bias] = [random('kernel', [3, 3, 3, 4]), random('bias', [4])];
      const f = (k: tf.Tensor, b: tf.Tensor) => convolve(x, k as tf.Tensor4D, b as tf.Tensor1D, { activation: 'relu' });
      const names = await kernelNames(() => tf.grads(f)([kernel, bias]));
      expect(names.filter((name) => name.includes('Conv2D')).sort()).toEqual([tf.Conv2DBackpropFilter, tf.FusedConv2D]);
      expect(names).not.toContain(tf.Relu);
      tf.dispose([x, kernel, bias]);
    });

    it('needs no bias', () => {
      expectNoLeak(() => {
        const [x, kernel] = [random('x', [1, 4, 4, 2]), random('kernel', [3, 3, 2, 3])] as [tf.Tensor4D, tf.Tensor4D];
        const f = (k: tf.Tensor) => convolve(x, k as tf.Tensor4D, undefined);
        const reference = (k: tf.Tensor) => tf.conv2d(x, k as tf.Tensor4D, 1, 'same');
        expectSame(f, reference, [kernel]);
        tf.dispose([x, kernel]);
      });
    });
  },
  ['cpu', 'simd'],
);

describeBackends(
  'attend, upsample and timeFeatures',
  () => {
    it.each([1, 2])('attends by the softmax of products: %j heads', (heads) => {
      tf.tidy(() => {
        const inputs = ['q', 'k', 'v'].map((name, i) => random(name, [2, i === 0 ? 3 : 5, 4]));
        const parts = (x: tf.Tensor) => parted(x, heads, 2);
        expectSame(
          (q, k, v) => attend(q as tf.Tensor3D, k as tf.Tensor3D, v as tf.Tensor3D, heads),
          (q, k, v) => {
            const [ks, vs] = [parts(k!), parts(v!)];
            const each = parts(q!).map((part, head) => {
              const scores = tf.div(tf.matMul(part, ks[head]!, false, true), Math.sqrt(4 / heads));
              return tf.matMul(tf.softmax(scores), vs[head]!);
            });
            return tf.concat(each, 2);
          },
          inputs,
        );
      });
    });

    it.each([1, 2, 3])('repeats each pixel %j times, and sums the gradients of the copies', (factor) => {
      tf.tidy(() => {
        const x = random('x', [3, 2, 4, 5]);
        const copies = (y: tf.Tensor, axis: number) => tf.concat(Array<tf.Tensor>(factor).fill(y), axis);
        expectSame(
          (y) => upsample(y as tf.Tensor4D, factor),
          (y) => tf.reshape(copies(copies(tf.reshape(y!, [3, 2, 1, 4, 1, 5]), 2), 4), [3, 2 * factor, 4 * factor, 5]),
          [x],
        );
      });
    });

    it('tells the time by sines and cosines', () => {
      tf.tidy(() => {
        const wanted = [0, 2, 250].flatMap((t) => [t, t / 10].map(Math.sin).concat([t, t / 10].map(Math.cos)));
        expectTensorsClose(timeFeatures(tf.tensor1d([0, 2, 250]), 4, 100), wanted, { absolute: 3e-5 });
      });
    });
  },
  ['cpu', 'simd'],
);
