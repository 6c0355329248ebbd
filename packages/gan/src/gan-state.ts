import {
  CheckpointError,
  ConfigError,
  type Ema,
  type NamedTensors,
  type Optimizer,
  assignTensors,
  prefixNames,
  readTensors,
  type tf,
  withPrefix,
} from '@lab/core';
import { type Gan, trainableVariables } from './gan.ts';

/** What a GAN's training consists of, besides the seed and the number of steps made. */
export interface GanTraining {
  readonly gan: Gan;
  readonly dOptimizer: Optimizer;
  readonly gOptimizer: Optimizer;
  /** @default none */
  readonly gAverage?: Ema | undefined;
}

const sections = ['generator/', 'discriminator/', 'gOptimizer/', 'dOptimizer/', 'gAverage/'] as const;

/**
 * All that a resumed training needs, on the host: every weight of both networks as `generator/<layer>/kernel` and so
 * on, both optimisers' slots and steps under `gOptimizer/` and `dOptimizer/`, and G's average, if there is one, under
 * `gAverage/`.
 */
export async function ganState({ gan, dOptimizer, gOptimizer, gAverage }: GanTraining): Promise<NamedTensors> {
  const [weights, gState, dState, average] = await Promise.all([
    readTensors(namedWeights(gan)),
    gOptimizer.state(),
    dOptimizer.state(),
    gAverage?.state() ?? {},
  ]);
  const optimizers = { ...prefixNames('gOptimizer/', gState), ...prefixNames('dOptimizer/', dState) };
  return { ...weights, ...optimizers, ...prefixNames('gAverage/', average) };
}

/** The networks alone: what `restoreWeights` needs to sample. */
export async function ganWeights(gan: Gan): Promise<NamedTensors> {
  return readTensors(namedWeights(gan));
}

/**
 * Puts a state back. Networks and optimisers must be of the kinds it was taken from. If anything doesn't fit, everything
 * is left as it was.
 *
 * @param source What the state came from, for error messages.
 * @throws CheckpointError naming the tensor at fault.
 */
export async function restoreGan(
  { gan, dOptimizer, gOptimizer, gAverage }: GanTraining,
  state: NamedTensors,
  source = 'GAN state',
): Promise<void> {
  rejectForeign(state, source);
  const weights = { ...pick('generator/', state), ...pick('discriminator/', state) };
  const weightsBefore = await ganWeights(gan);
  const optimizers = [
    {
      optimizer: gOptimizer,
      prefix: 'gOptimizer/',
      variables: trainableVariables(gan.generator),
      before: await gOptimizer.state(),
    },
    {
      optimizer: dOptimizer,
      prefix: 'dOptimizer/',
      variables: trainableVariables(gan.discriminator),
      before: await dOptimizer.state(),
    },
  ];
  try {
    for (const { optimizer, prefix, variables } of optimizers) {
      optimizer.restore(withPrefix(prefix, state), { source: `${source}, ${prefix.slice(0, -1)}`, variables });
    }
    assignTensors(namedWeights(gan), weights, source);
    gAverage?.restore(withPrefix('gAverage/', state), `${source}, gAverage`);
  } catch (error) {
    for (const { optimizer, before } of optimizers) optimizer.restore(before);
    assignTensors(namedWeights(gan), weightsBefore);
    throw error;
  }
}

/**
 * Puts the weights of both networks back, from a state or from `ganWeights`; optimisers' tensors in it are passed over.
 *
 * @throws CheckpointError naming the tensor at fault; nothing has been changed then.
 */
export function restoreWeights(gan: Gan, state: NamedTensors, source = 'GAN state'): void {
  rejectForeign(state, source);
  assignTensors(namedWeights(gan), { ...pick('generator/', state), ...pick('discriminator/', state) }, source);
}

/**
 * Puts G's weights alone back, from a state, from `ganWeights`, or from a file of the generator alone.
 *
 * @throws CheckpointError naming the tensor at fault; nothing has been changed then.
 */
export function restoreGenerator(gan: Gan, state: NamedTensors, source = 'GAN state'): void {
  rejectForeign(state, source);
  const own = Object.entries(namedWeights(gan)).filter(([name]) => name.startsWith('generator/'));
  assignTensors(Object.fromEntries(own), pick('generator/', state), source);
}

/** By the names under which the layers declared them: tfjs numbers the variables' own names within the process. */
function namedWeights({ generator, discriminator }: Gan): Record<string, tf.Variable> {
  const named: Record<string, tf.Variable> = {};
  for (const [owner, model] of Object.entries({ generator, discriminator })) {
    for (const weight of model.weights) {
      const name = `${owner}/${weight.originalName}`;
      if (name in named)
        throw new ConfigError({ field: 'A weight name', value: name, expected: 'unique in its network' });
      named[name] = weight.read() as tf.Variable;
    }
  }
  return named;
}

function pick(prefix: string, state: NamedTensors): NamedTensors {
  return prefixNames(prefix, withPrefix(prefix, state));
}

function rejectForeign(state: NamedTensors, source: string): void {
  const foreign = Object.keys(state).find((name) => !sections.some((section) => name.startsWith(section)));
  if (foreign === undefined) return;
  const expected = `names that begin with ${sections.join(', ')}`;
  throw new CheckpointError({ source, tensor: foreign, expected, received: 'another name' });
}
