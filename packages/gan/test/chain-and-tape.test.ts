import { RandomKey, tf } from '@lab/core';
import { describeBackends, expectTensorsClose } from '@lab/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DenseChain, chainForward, chainGradients, denseChainOf } from '../src/dense-chain.ts';
import { type Rows, stack } from '../src/dense-kernels.ts';
import { goodfellow, referenceMlp } from '../src/index.ts';
import { onCpu } from './cpu.ts';

const key = RandomKey.fromSeed(5);

type Activation = 'linear' | 'relu' | 'sigmoid';
const widths = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 2, maxLength: 4 });
const activation = fc.constantFrom<Activation>('linear', 'relu', 'sigmoid');

function mlp(sizes: readonly number[], activations: readonly Activation[]): tf.LayersModel {
  const layers = sizes
    .slice(1)
    .map((units, i) => tf.layers.dense({ units, activation: activations[i]!, biasInitializer: 'randomNormal' }));
  return tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [sizes[0]!] }), ...layers] });
}

function variablesOf(chain: DenseChain): tf.Variable[] {
  return chain.flatMap(({ kernel, bias }) => [kernel, bias]);
}

describeBackends(
  'a dense chain',
  () => {
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

    it('may be two chains, one on the other, of which the second is shown labels, too', () => {
      const [first, second] = [mlp([4, 6, 5], ['relu', 'sigmoid']), mlp([8, 7, 1], ['relu', 'linear'])];
      tf.tidy(() => {
        const x = key.child(0).normal<tf.Rank.R2>([6, 4]);
        const labels = tf.oneHot([0, 1, 2, 0, 1, 2], 3, 1, 0, 'float32') as tf.Tensor2D;
        const slope = key.child(1).normal<tf.Rank.R2>([6, 1]);
        const [lower, upper] = [denseChainOf(first)!, denseChainOf(second)!];
        const made = chainForward(lower, x);
        const judged = chainForward(upper, tf.concat([made.at(-1)!, labels], 1));
        const byHand = chainGradients([...lower, ...upper], x, [...made, ...judged], slope, lower.length);

        const model = () => second.apply(tf.concat([first.apply(x, { training: true }) as tf.Tensor, labels], 1));
        const value = () => tf.sum(tf.mul(model() as tf.Tensor, slope)) as tf.Scalar;
        const byTape = tf.variableGrads(value, variablesOf(lower)).grads;
        expect(Object.keys(byHand)).toHaveLength(4);
        for (const { name } of variablesOf(lower)) expectTensorsClose(byHand[name]!, byTape[name]!);
      });
      first.dispose();
      second.dispose();
    });

    /** On a batch, and on two, one above the other. */
    function compareWithTape(sizes: readonly number[], activations: readonly Activation[], batch: number): void {
      const model = mlp(sizes, activations);
      const chain = denseChainOf(model)!;
      tf.tidy(() => {
        const [upper, lower] = [0, 1].map((half) => key.child(half).normal<tf.Rank.R2>([batch, sizes[0]!]));
        compare(upper!, upper!);
        compare(stack(upper!, lower!), tf.concat([upper!, lower!], 0));
      });
      model.dispose();

      function compare(rows: Rows, x: tf.Tensor2D): void {
        const slope = key.child(2).normal<tf.Rank.R2>([x.shape[0], sizes.at(-1)!]);
        const outputs = chainForward(chain, rows);
        expectTensorsClose(outputs.at(-1)!, model.apply(x) as tf.Tensor);
        const byHand = chainGradients(chain, rows, outputs, slope);
        const inner = () => tf.sum(tf.mul(model.apply(x, { training: true }) as tf.Tensor, slope)) as tf.Scalar;
        const byTape = tf.variableGrads(inner).grads;
        for (const { name } of variablesOf(chain)) expectTensorsClose(byHand[name]!, byTape[name]!);
      }
    }
  },
  ['cpu', 'simd'],
);

describe('denseChainOf', () => {
  onCpu();

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
