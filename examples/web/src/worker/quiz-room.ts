import { classifier, predictWith, probabilities, trainClassifier, type Predict } from '@lab/adversarial';
import { type ConditionalGan, loadPretrained, sample } from '@lab/cgan';
import { RandomKey, adam } from '@lab/core';
import { type LabelledImages, toFloat } from '@lab/mnist-data';
import type { Emit } from './messages.ts';
import { mnist } from './mnist.ts';

/** A real digit and a painted one of the same class, in the order they are shown; `[784]` each, in [0, 1]. */
export interface Pair {
  readonly pictures: readonly [Float32Array, Float32Array];
  /** Which of the two is real. */
  readonly real: 0 | 1;
  /** Which of them the discriminator takes for real. */
  readonly guess: 0 | 1;
}

const shape = [28, 28, 1];
const half = 32;

/** Real digits beside painted ones, and a discriminator that has learned to tell them apart. */
export function open(emit: Emit) {
  let discriminator: Promise<Predict> | undefined;

  return {
    /** Trains the discriminator, once: the shipped GAN is a generator alone. Tells as 'training' how far it is. */
    async ready({ steps }: { steps: number }) {
      const [{ train }, gan] = await Promise.all([mnist(emit), loadPretrained()]);
      discriminator ??= trainDiscriminator(gan, train, steps, emit);
      await discriminator;
    },
    async pair({ seed }: { seed: number }): Promise<Pair> {
      const [{ test }, gan] = await Promise.all([mnist(emit), loadPretrained()]);
      const key = RandomKey.fromSeed(seed).child('pair');
      const [index] = key.child('picture').integers(1, 0, test.count - 1);
      const real = toFloat(test, [index!]);
      const fake = await paint(gan, [test.labels[index!]!], seed);
      const first = key.child('order').integers(1, 0, 1)[0] as 0 | 1;
      const pictures = (first === 0 ? [real, fake] : [fake, real]) as [Float32Array, Float32Array];
      return { pictures, real: first, guess: await guess(await discriminator!, pictures) };
    },
  };
}

export type QuizRoom = ReturnType<typeof open>;

/** A classifier of two classes, fake and real, on as many of the one as of the other, painted anew for every step. */
async function trainDiscriminator(
  gan: ConditionalGan,
  train: LabelledImages,
  steps: number,
  emit: Emit,
): Promise<Predict> {
  const key = RandomKey.fromSeed(0).child('discriminator');
  const model = classifier({ key, blocks: [[16], [32]], hidden: [64], classes: 2 });
  const batches = realAndFake(gan, train, key.child('batches'));
  for await (const { step, loss } of trainClassifier(model, batches, { optimizer: adam(), steps })) {
    emit('training', { step, of: steps, loss });
  }
  return predictWith(model);
}

async function* realAndFake(gan: ConditionalGan, train: LabelledImages, key: RandomKey) {
  for (let step = 0; ; step++) {
    const indices = key.child(step).integers(half, 0, train.count - 1);
    const fakes = await paint(
      gan,
      Array.from(indices, (i) => train.labels[i]!),
      step,
    );
    const data = new Float32Array(2 * half * 784);
    data.set(toFloat(train, indices));
    data.set(fakes, half * 784);
    yield {
      data,
      shape: [2 * half, ...shape],
      labels: Uint8Array.from({ length: 2 * half }, (_, i) => (i < half ? 1 : 0)),
    };
  }
}

async function paint(gan: ConditionalGan, labels: number[], seed: number): Promise<Float32Array> {
  const painted = sample(gan, { label: labels, seed });
  const pixels = await painted.data<'float32'>();
  painted.dispose();
  return pixels;
}

async function guess(predict: Predict, pictures: readonly [Float32Array, Float32Array]): Promise<0 | 1> {
  const data = new Float32Array([...pictures[0], ...pictures[1]]);
  const { data: shares } = await probabilities(predict, { data, shape: [2, ...shape] });
  return shares[1]! >= shares[3]! ? 0 : 1;
}
