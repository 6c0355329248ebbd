import { RandomKey, adam, tf } from '@lab/core';
import { describeBackends } from '@lab/core/testing';
import { describe, expect, it } from 'vitest';
import { type GanLossName, type StepMetrics, losses, referenceMlp } from '../src/index.ts';
import { namedMetrics } from '../src/step-metrics.ts';
import { makeMoves } from '../src/train-step.ts';
import { goldenTensor } from './golden-noise.ts';
import { readGolden } from './golden.ts';
import { disposeTraining, weightsOf } from './small-gan.ts';
import { trainingBackends } from './training-backends.ts';

interface Entries {
  index: number[];
  gradient: number[];
  change: number[];
}
type StepCase = StepMetrics & { generator: Entries[]; discriminator: Entries[] };

const golden = readGolden<Record<GanLossName, StepCase>>('train-step.json');
const batch = 4;
const key = RandomKey.fromSeed(3);

/** The reference networks with the weights that the golden file was made with. */
function goldenGan() {
  const gan = referenceMlp(key);
  const weights = [...gan.generator.weights, ...gan.discriminator.weights];
  const fanIns = [100, 100, 128, 128, 784, 784, 128, 128];
  weights.forEach((weight, i) => {
    const scale = weight.shape.length === 2 ? 2 / Math.sqrt(fanIns[i]!) : 0.1;
    tf.tidy(() => (weight.read() as tf.Variable).assign(goldenTensor(weight.shape as number[], 10 + i, scale)));
  });
  return gan;
}

describeBackends(
  'a whole step',
  () => {
    describe.each(Object.keys(losses) as GanLossName[])('with %s', (name) => {
      it('equals PyTorch in float64: metrics, gradients and weights after Adam', () => {
        const wanted = golden[name];
        const gan = goldenGan();
        const training = { gan, dOptimizer: adam(), gOptimizer: adam() };
        const before = weightsOf(training);
        const real = goldenTensor([batch, 28, 28, 1], 1, 0.5, 0.5);
        const noise = (move: number) => goldenTensor([batch, 100], 2 + move) as tf.Tensor2D;
        const gradients: Record<string, Float32Array> = {};
        const spied = (optimizer: typeof training.dOptimizer) => ({
          ...optimizer,
          apply: ((given, variables) => {
            for (const [id, gradient] of Object.entries(given))
              gradients[id] = gradient.dataSync().slice() as Float32Array;
            optimizer.apply(given, variables);
          }) as typeof optimizer.apply,
        });
        const measured = tf.tidy(() => {
          const options = {
            loss: losses[name],
            dOptimizer: spied(training.dOptimizer),
            gOptimizer: spied(training.gOptimizer),
            metrics: true,
            key,
          };
          return makeMoves(gan, [{ images: real, condition: undefined }], noise, options)!.dataSync();
        });

        const metrics = namedMetrics(measured as unknown as Float32Array);
        for (const quantity of Object.keys(metrics) as (keyof StepMetrics)[]) {
          expect(Math.abs(metrics[quantity] - wanted[quantity]), quantity).toBeLessThan(
            2e-6 * Math.max(1, wanted[quantity]),
          );
        }
        const after = weightsOf(training);
        const variables = [...gan.generator.weights, ...gan.discriminator.weights].map(
          (weight) => weight.read() as tf.Variable,
        );
        [...wanted.generator, ...wanted.discriminator].forEach(({ index, gradient, change }, i) => {
          index.forEach((at, entry) => {
            expect(Math.abs(gradients[variables[i]!.name]![at]! - gradient[entry]!)).toBeLessThan(1e-6);
            // The weight itself is a float32 near 1, which limits how well its change can be seen.
            expect(Math.abs(after[i]![at]! - before[i]![at]! - change[entry]!)).toBeLessThan(2e-6);
          });
        });
        real.dispose();
        disposeTraining(training);
      });
    });
  },
  trainingBackends,
);
