import { ConfigError, tf } from '@lab/core';
import { describeBackends, expectNoLeak } from '@lab/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type GanLoss,
  type GanLossName,
  ganLoss,
  logistic,
  losses,
  minimax,
  minimaxLogits,
  nonSaturating,
  smoothLabels,
} from '../src/index.ts';
import { discriminatorLoss, generatorLoss } from '../src/play.ts';
import { trainingBackends } from './training-backends.ts';
import { readGolden } from './golden.ts';

interface Derivatives {
  dLoss: number;
  gLoss: number;
  dReal: number[];
  dFake: number[];
  gFake: number[];
}
interface LossCase {
  on: GanLoss['on'];
  logits: { real: number[]; fake: number[] };
  byLogits: Derivatives;
  byProbabilities?: Derivatives;
}

const golden = readGolden<Record<GanLossName | 'smoothed', LossCase>>('losses.json');
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const column = (values: readonly number[]) => tf.tensor2d([...values], [values.length, 1]);

/** Loss and derivatives by tfjs's tape, for what the loss itself reads. */
function differentiate(loss: GanLoss, realValues: number[], fakeValues: number[]): Derivatives {
  return read(
    tf.tidy(() => {
      const [real, fake] = [column(realValues), column(fakeValues)];
      const [dReal, dFake] = tf.grads((r: tf.Tensor, f: tf.Tensor) => loss.discriminator(r, f))([real, fake]);
      const gFake = tf.grad((f: tf.Tensor) => loss.generator(f))(fake);
      return {
        dLoss: loss.discriminator(real, fake),
        gLoss: loss.generator(fake),
        dReal: dReal!,
        dFake: dFake!,
        gFake,
      };
    }),
  );
}

function read(tensors: Record<keyof Derivatives, tf.Tensor>): Derivatives {
  const values = Object.entries(tensors).map(([name, tensor]) => {
    const numbers = [...tensor.dataSync()];
    tensor.dispose();
    return [name, tensor.rank === 0 ? numbers[0] : numbers];
  });
  return Object.fromEntries(values) as Derivatives;
}

function expectClose(found: Derivatives, wanted: Derivatives): void {
  for (const name of Object.keys(wanted) as (keyof Derivatives)[]) {
    const pairs = [found[name], wanted[name]].map((value) => [value].flat());
    pairs[0]!.forEach((value, i) => {
      const expected = pairs[1]![i]!;
      expect(Math.abs(value - expected), `${name}[${i}]`).toBeLessThan(2e-6 * Math.max(1, Math.abs(expected)));
    });
  }
}

describeBackends(
  'losses',
  () => {
    describe.each([...(Object.keys(losses) as GanLossName[]), 'smoothed' as const])('%s', (name) => {
      const loss = name === 'smoothed' ? smoothLabels(logistic) : losses[name];
      const wanted = golden[name];

      it('equals PyTorch in float64, with its derivatives', () => {
        const asRead = loss.on === 'probabilities' ? sigmoid : (x: number) => x;
        const found = differentiate(loss, wanted.logits.real.map(asRead), wanted.logits.fake.map(asRead));
        expectClose(found, loss.on === 'probabilities' ? wanted.byProbabilities! : wanted.byLogits);
      });

      it('has the derivatives of PyTorch with respect to logits', () => {
        const found = tf.tidy(() => {
          const logits = column([...wanted.logits.real, ...wanted.logits.fake]);
          const fake = column(wanted.logits.fake);
          const d = loss.slopes?.discriminator(logits) ?? tf.grad((l: tf.Tensor) => discriminatorLoss(loss, l))(logits);
          const g = loss.slopes?.generator(fake) ?? tf.grad((l: tf.Tensor) => generatorLoss(loss, l))(fake);
          return { d: [...d.dataSync()], g: [...g.dataSync()] };
        });
        const { dReal, dFake, gFake } = wanted.byLogits;
        [...dReal, ...dFake].forEach((expected, i) => expect(found.d[i]).toBeCloseTo(expected, 6));
        gFake.forEach((expected, i) => expect(found.g[i]).toBeCloseTo(expected, 6));
      });

      it('leaks nothing', () => {
        expectNoLeak(() => {
          differentiate(loss, [0.2, 0.9], [0.4, 0.6]);
        });
      });
    });

    describe('losses on logits', () => {
      const logit = fc.double({ min: -8, max: 8, noNaN: true }).map(Math.fround);

      it('equal the logarithms they stand for within 1e-6 for |logit| < 8', () => {
        fc.assert(
          fc.property(logit, logit, (real, fake) => {
            const wanted = {
              d: -Math.log(sigmoid(real)) - Math.log(1 - sigmoid(fake)),
              g: -Math.log(sigmoid(fake)),
              saturating: Math.log(1 - sigmoid(fake)),
            };
            tf.tidy(() => {
              const [r, f] = [column([real]), column([fake])];
              const scale = Math.max(1, wanted.d / 8);
              expect(Math.abs(logistic.discriminator(r, f).dataSync()[0]! - wanted.d)).toBeLessThan(1e-6 * scale);
              expect(Math.abs(logistic.generator(f).dataSync()[0]! - wanted.g)).toBeLessThan(1e-6);
              expect(Math.abs(minimaxLogits.generator(f).dataSync()[0]! - wanted.saturating)).toBeLessThan(1e-6);
            });
          }),
        );
      });

      it.each([logistic, minimaxLogits])('$name stays finite, with its derivatives, at logits of +-100', (loss) => {
        for (const [real, fake] of [
          [100, -100],
          [-100, 100],
        ] as const) {
          const found = differentiate(loss, [real], [fake]);
          for (const value of Object.values(found).flat()) expect(Number.isFinite(value)).toBe(true);
          expect(found.dLoss).toBeCloseTo(real < 0 ? 200 : 0, 3);
        }
      });

      it.each([logistic, minimaxLogits])('$name has slopes that equal the tape', (loss) => {
        fc.assert(
          fc.property(fc.array(fc.tuple(logit, logit), { minLength: 1, maxLength: 9 }), (pairs) => {
            tf.tidy(() => {
              const [real, fake] = [pairs.map(([r]) => r), pairs.map(([, f]) => f)];
              const both = column([...real, ...fake]);
              const d = loss.slopes!.discriminator(both).dataSync();
              const g = loss.slopes!.generator(column(fake)).dataSync();
              const byTape = differentiate(loss, real, fake);
              [...byTape.dReal, ...byTape.dFake].forEach((value, i) => expect(d[i]).toBeCloseTo(value, 6));
              byTape.gFake.forEach((value, i) => expect(g[i]).toBeCloseTo(value, 6));
            });
          }),
          { numRuns: 40 },
        );
      });

      it('are those on probabilities where float32 can tell 1 - D from 1', () => {
        const [real, fake] = [
          [-2, 0.5, 3],
          [-3, 0, 2],
        ] as [number[], number[]];
        const p = differentiate(nonSaturating, real.map(sigmoid), fake.map(sigmoid));
        const l = differentiate(logistic, real, fake);
        expect(p.dLoss).toBeCloseTo(l.dLoss, 5);
        expect(p.gLoss).toBeCloseTo(l.gLoss, 5);
      });
    });

    describe('why the losses differ', () => {
      it.each([-6, -3, -1, 0, 1, 3, 6])("G's gradient has the factor D(G(z)) or 1 - D(G(z)), at logit %d", (logit) => {
        const d = sigmoid(logit);
        for (const loss of [minimax, minimaxLogits]) expect(slopeOfG(loss, logit)).toBeCloseTo(-d, 5);
        for (const loss of [nonSaturating, logistic]) expect(slopeOfG(loss, logit)).toBeCloseTo(-(1 - d), 5);
      });

      it('minimax on probabilities becomes infinite and its gradient NaN once D is surely wrong, as written', () => {
        expect(tf.tidy(() => discriminatorLoss(minimax, column([-120, 120])).dataSync()[0])).toBe(Infinity);
        expect(slopeOfG(minimax, 40)).toBeNaN();
        expect(slopeOfG(minimaxLogits, 40)).toBeCloseTo(-1, 6);
      });
    });

    function slopeOfG(loss: GanLoss, logit: number): number {
      return tf.tidy(
        () =>
          tf
            .grad((l: tf.Tensor) => generatorLoss(loss, l))(column([logit]))
            .dataSync()[0]!,
      );
    }
  },
  trainingBackends,
);

describe('smoothLabels', () => {
  it('is for cross-entropies on logits, and for targets from .5 to 1', () => {
    expect(() => smoothLabels(losses.hinge)).toThrow(/'logistic' or 'minimaxLogits'.*not 'hinge'/);
    expect(() => smoothLabels(logistic, 0.4)).toThrow(ConfigError);
    expect(smoothLabels(minimaxLogits, 0.8).name).toBe('minimaxLogits, real labels 0.8');
  });
});

describe('ganLoss', () => {
  it('finds every loss by its name', () => {
    for (const [name, loss] of Object.entries(losses)) {
      expect(ganLoss(name)).toBe(loss);
      expect(loss.name).toBe(name);
    }
  });

  it('names the nearest loss for an unknown one', () => {
    expect(() => ganLoss('logistics')).toThrow(ConfigError);
    expect(() => ganLoss('logistics')).toThrow(/one of 'logistic'.*Did you mean 'logistic'/);
  });
});
