import { RandomKey, tf } from '@lab/core';
import { expectTensorsClose } from '@lab/core/testing';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { chainForward, denseChainOf, inputGradient, weightGradients } from '../src/dense-chain.ts';
import { throughActivation } from '../src/dense-kernels.ts';
import { goodfellow, referenceMlp } from '../src/index.ts';
import { onCpu } from './cpu.ts';

const key = RandomKey.fromSeed(5);

onCpu();

type Activation = 'linear' | 'relu' | 'sigmoid';
const widths = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 2, maxLength: 4 });
const activation = fc.constantFrom<Activation>('linear', 'relu', 'sigmoid');

function mlp(sizes: readonly number[], activations: readonly Activation[]): tf.LayersModel {
  const layers = sizes
    .slice(1)
    .map((units, i) => tf.layers.dense({ units, activation: activations[i]!, biasInitializer: 'randomNormal' }));
  return tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [sizes[0]!] }), ...layers] });
}

describe('a dense chain', () => {
  it('equals the model, and its derivatives the tape, for any sizes and activations', () => {
    fc.assert(
      fc.property(
        widths,
        fc.array(activation, { minLength: 3, maxLength: 3 }),
        fc.integer({ min: 1, max: 5 }),
        compareWithTape,
      ),
      { numRuns: 40 },
    );
  });

  it('also where the backend fuses the derivative of activation and bias', () => {
    tf.registerKernel({
      kernelName: 'DenseActivationGrad',
      backendName: 'cpu',
      kernelFunc: ({ inputs, attrs }) => {
        const { y, dy } = inputs as unknown as { y: tf.Tensor2D; dy: tf.Tensor2D };
        const dSum = throughActivation((attrs as { activation: Activation }).activation, y, dy);
        return [dSum, tf.sum(dSum, 0)];
      },
    });
    compareWithTape([4, 6, 5, 3], ['relu', 'sigmoid', 'relu'], 3);
  });
  afterEach(() => {
    if (tf.getKernel('DenseActivationGrad', 'cpu') !== undefined) tf.unregisterKernel('DenseActivationGrad', 'cpu');
  });

  function compareWithTape(sizes: readonly number[], activations: readonly Activation[], batch: number): void {
    const model = mlp(sizes, activations);
    tf.tidy(() => {
      const x = key.child(0).normal<tf.Rank.R2>([batch, sizes[0]!]);
      const slope = key.child(1).normal<tf.Rank.R2>([batch, sizes.at(-1)!]);
      const chain = denseChainOf(model)!;
      const outputs = chainForward(chain, x);
      expectTensorsClose(outputs.at(-1)!, model.apply(x) as tf.Tensor);

      const byHand = weightGradients(chain, x, outputs, slope);
      const inner = () => tf.sum(tf.mul(model.apply(x, { training: true }) as tf.Tensor, slope)) as tf.Scalar;
      const byTape = tf.variableGrads(inner).grads;
      for (const { kernel, bias } of chain) {
        for (const { name } of [kernel, bias]) expectTensorsClose(byHand[name]!, byTape[name]!);
      }
      const dx = tf.grad((input: tf.Tensor) => tf.sum(tf.mul(model.apply(input) as tf.Tensor, slope)))(x);
      expectTensorsClose(inputGradient(chain, outputs, slope), dx);
    });
    model.dispose();
  }
});

describe('denseChainOf', () => {
  const input = () => tf.layers.inputLayer({ inputShape: [4] });
  const dense = (extra: object = {}) => tf.layers.dense({ units: 2, ...extra });

  it('reads the reference networks, and leaves other layers to the tape', () => {
    const reference = referenceMlp(key);
    expect(denseChainOf(reference.generator)).toHaveLength(2);
    expect(denseChainOf(reference.discriminator)).toHaveLength(2);
    const paper = goodfellow(key, { generatorUnits: 4, maxoutUnits: 3 });
    expect(denseChainOf(paper.generator)).toHaveLength(3);
    expect(denseChainOf(paper.discriminator)).toBeUndefined();
  });

  it.each([
    ['an activation it does not know', [dense({ activation: 'tanh' })]],
    ['no bias', [dense({ useBias: false })]],
    ['a regulariser', [dense({ kernelRegularizer: 'l1l2' })]],
    ['a constraint', [dense({ kernelConstraint: 'maxNorm' })]],
    ['another layer', [dense(), tf.layers.dropout({ rate: 0.5 })]],
    ['rows of rows', [tf.layers.reshape({ targetShape: [2, 2] }), dense()]],
  ])('leaves %s to the tape', (_, layers) => {
    expect(denseChainOf(tf.sequential({ layers: [input(), ...layers] }))).toBeUndefined();
  });

  it('leaves branches, shared layers and frozen weights to the tape', () => {
    const start = tf.input({ shape: [4] });
    const shared = tf.layers.dense({ units: 4 });
    const twice = shared.apply(shared.apply(start)) as tf.SymbolicTensor;
    expect(denseChainOf(tf.model({ inputs: start, outputs: twice }))).toBeUndefined();

    const [left, right] = [dense().apply(start), dense().apply(start)] as tf.SymbolicTensor[];
    const sum = tf.layers.add().apply([left!, right!]) as tf.SymbolicTensor;
    expect(denseChainOf(tf.model({ inputs: start, outputs: sum }))).toBeUndefined();

    const model = tf.sequential({ layers: [input(), dense(), dense()] });
    expect(denseChainOf(model)).toHaveLength(2);
    model.layers[1]!.trainable = false;
    expect(denseChainOf(model)).toBeUndefined();
  });
});
