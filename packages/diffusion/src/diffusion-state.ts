import {
  assignTensors,
  CheckpointError,
  type Ema,
  type NamedTensors,
  type Optimizer,
  prefixNames,
  readTensors,
  type tf,
  withPrefix,
} from '@lab/core';
import { type DiffusionModel, trainableVariables } from './diffusion-model.ts';

/** What a diffusion model's training consists of, besides the seed and the number of steps made. */
export interface DiffusionTraining {
  readonly model: DiffusionModel;
  readonly optimizer: Optimizer;
  /** Averages of `trainableVariables(model)`, if there are any. */
  readonly ema?: Ema | undefined;
}

const sections = ['network/', 'optimizer/', 'ema/'] as const;

/**
 * All that a resumed training needs, on the host: every weight as `network/<layer>/kernel` and so on, the optimiser's slots
 * and step under `optimizer/`, the averages under `ema/`.
 */
export async function diffusionState({ model, optimizer, ema }: DiffusionTraining): Promise<NamedTensors> {
  const [weights, slots, averages] = await Promise.all([
    diffusionWeights(model),
    optimizer.state(),
    ema === undefined ? {} : ema.state(),
  ]);
  return { ...prefixNames('network/', weights), ...prefixNames('optimizer/', slots), ...prefixNames('ema/', averages) };
}

/** The network alone, by its layers' names: what `restoreWeights` needs to sample. */
export async function diffusionWeights(model: Pick<DiffusionModel, 'network'>): Promise<NamedTensors> {
  return readTensors(namedWeights(model));
}

/**
 * Puts a state of `diffusionState` back. If anything doesn't fit, everything is left as it was.
 *
 * @param source What the state came from, for error messages.
 * @throws CheckpointError naming the tensor at fault.
 */
export async function restoreDiffusion(
  { model, optimizer, ema }: DiffusionTraining,
  state: NamedTensors,
  source = 'diffusion state',
): Promise<void> {
  rejectForeign(state, source);
  const averages = withPrefix('ema/', state);
  if (ema === undefined && Object.keys(averages).length > 0) {
    const received = 'averages of the weights';
    throw new CheckpointError({ source, expected: 'a training without an Ema', received, remedy: 'Give it an Ema.' });
  }
  const [optimizerBefore, emaBefore] = await Promise.all([optimizer.state(), ema?.state()]);
  try {
    const variables = trainableVariables(model);
    optimizer.restore(withPrefix('optimizer/', state), { source: `${source}, optimizer`, variables });
    ema?.restore(averages, `${source}, ema`);
    assignTensors(namedWeights(model), withPrefix('network/', state), `${source}, network`);
  } catch (error) {
    optimizer.restore(optimizerBefore);
    ema?.restore(emaBefore!);
    throw error;
  }
}

/**
 * Puts weights back, of `diffusionWeights` or read from a file; half precision will do.
 *
 * @throws CheckpointError naming the tensor at fault; nothing has been changed then.
 */
export function restoreWeights(
  model: Pick<DiffusionModel, 'network'>,
  weights: NamedTensors,
  source = 'diffusion weights',
): void {
  assignTensors(namedWeights(model), weights, source);
}

/** By the names under which the layers declared them: tfjs numbers the variables' own names within the process. */
export function namedWeights({ network }: Pick<DiffusionModel, 'network'>): Record<string, tf.Variable> {
  return Object.fromEntries(network.weights.map((weight) => [weight.originalName, weight.read() as tf.Variable]));
}

function rejectForeign(state: NamedTensors, source: string): void {
  const foreign = Object.keys(state).find((name) => !sections.some((section) => name.startsWith(section)));
  if (foreign === undefined) return;
  const expected = `names that begin with ${sections.join(', ')}`;
  throw new CheckpointError({ source, tensor: foreign, expected, received: 'another name' });
}
