import { adam, RandomKey, sgd, tf } from '@lab/core';
import { models } from './models.ts';

/** What a backend makes of a model, each a list of arrays. */
export interface Outcome {
  readonly forward: readonly Float32Array[];
  readonly losses: readonly Float32Array[];
  /** Of the lab's own train step: by what plain descent at a rate of 1 changes the weights. */
  readonly gradients: readonly Float32Array[];
  /** By what two updates of Adam change the weights, on gradients that are the same everywhere. */
  readonly adam: readonly Float32Array[];
}

export type Weights = readonly Float32Array[];

const read = (tensors: readonly tf.Tensor[]) =>
  Promise.all(tensors.map(async (tensor) => Float32Array.from(await tensor.data())));

/**
 * What the current backend makes of a model.
 *
 * @param start Its first weights and the gradients that Adam is given; by default its own.
 */
export async function outcomeOf(
  name: string,
  start: { readonly weights?: Weights; readonly gradients?: Weights } = {},
): Promise<Outcome & { readonly weights: Weights }> {
  const { networks, forward, step } = models[name]!();
  const variables = networks.flatMap((network) =>
    network.trainableWeights.map((weight) => weight.read() as tf.Variable),
  );
  const weights = start.weights ?? jittered(await read(variables));
  const set = () =>
    tf.tidy(() => variables.forEach((variable, i) => variable.assign(tf.tensor(weights[i]!, variable.shape))));
  set();
  const made = tf.tidy(() => [...forward()]);
  const outputs = await read(made);
  tf.engine().startScope();
  const losses = await step(() => sgd({ learningRate: 1 }));
  tf.engine().endScope();
  const gradients = difference(weights, await read(variables));
  set();
  updateTwice(variables, start.gradients ?? gradients);
  const moved = difference(weights, await read(variables));
  tf.dispose(made);
  for (const network of networks) network.dispose();
  return { forward: outputs, losses: losses.map((loss) => Float32Array.of(loss)), gradients, adam: moved, weights };
}

/** Away from zero, where some layers start and would hide what stands before them. */
function jittered(weights: Weights): Weights {
  return weights.map((values, i) => {
    const noise = RandomKey.fromSeed(i).uniformArray(values.length, -0.05, 0.05);
    return values.map((value, j) => value + noise[j]!);
  });
}

function updateTwice(variables: tf.Variable[], gradients: Weights): void {
  const optimizer = adam({ learningRate: 1e-3 });
  tf.tidy(() => {
    const named = variables.map((variable, i) => [variable.name, tf.tensor(gradients[i]!, variable.shape)] as const);
    for (let update = 0; update < 2; update++) optimizer.apply(Object.fromEntries(named), variables);
  });
  optimizer.dispose();
}

const difference = (before: Weights, after: Weights) =>
  before.map((values, i) => values.map((value, j) => value - after[i]![j]!));
