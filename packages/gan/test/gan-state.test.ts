import {
  CheckpointError,
  type NamedTensors,
  RandomKey,
  decodeSafetensors,
  encodeSafetensors,
  sgd,
  tf,
} from '@lab/core';
import { describe, expect, it } from 'vitest';
import {
  type GanTraining,
  ganState,
  ganWeights,
  losses,
  restoreGan,
  restoreGenerator,
  restoreWeights,
  trainStep,
} from '../src/index.ts';
import { onCpu } from './cpu.ts';
import { disposeTraining, smallTraining, weightsOf } from './small-gan.ts';

const key = RandomKey.fromSeed(41);

onCpu();

function trained(seed: number, steps: number): GanTraining {
  const training = smallTraining(seed);
  const real = key.uniform([4, 4, 5, 1]);
  for (let step = 1; step <= steps; step++) {
    trainStep(training.gan, real, key.child(step), { ...training, loss: losses.logistic, metrics: false });
  }
  real.dispose();
  return training;
}

describe('ganState', () => {
  it('has stable names, whatever other models the process has made', async () => {
    const trainings = [trained(1, 1), trained(2, 1)];
    const [one, other] = await Promise.all(trainings.map(ganState));
    expect(Object.keys(one!)).toEqual(Object.keys(other!));
    expect(Object.keys(one!).slice(0, 3)).toEqual([
      'generator/generator_hidden/kernel',
      'generator/generator_hidden/bias',
      'generator/generator_pixels/kernel',
    ]);
    expect(Object.keys(one!)).toEqual(expect.arrayContaining(['gOptimizer/step', 'dOptimizer/m.0', 'dOptimizer/v.3']));
    trainings.forEach(disposeTraining);
  });

  it('comes back through a file: weights, slots and steps', async () => {
    const before = tf.memory().numTensors;
    const [from, to] = [trained(1, 3), trained(2, 5)];
    const state = await ganState(from);
    await restoreGan(to, decodeSafetensors(encodeSafetensors(state), 'memory').tensors);
    expect(await ganState(to)).toEqual(state);
    expect([to.dOptimizer.step, to.gOptimizer.step]).toEqual([3, 3]);
    disposeTraining(from);
    disposeTraining(to);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives its weights to networks that only sample', async () => {
    const [from, whole, part] = [trained(1, 2), smallTraining(2), smallTraining(3)];
    restoreWeights(whole.gan, await ganState(from));
    restoreWeights(part.gan, await ganWeights(from.gan));
    expect(weightsOf(whole)).toEqual(weightsOf(from));
    expect(weightsOf(part)).toEqual(weightsOf(from));
    [from, whole, part].forEach(disposeTraining);
  });

  it('gives the generator alone, and leaves D as it is', async () => {
    const [from, to] = [trained(1, 2), smallTraining(2)];
    const before = await ganWeights(to.gan);
    const generator = withOnly('generator/', await ganWeights(from.gan));
    restoreGenerator(to.gan, generator);
    const after = await ganWeights(to.gan);
    expect(withOnly('generator/', after)).toEqual(generator);
    expect(withOnly('discriminator/', after)).toEqual(withOnly('discriminator/', before));
    expect(() => restoreGenerator(to.gan, {}, 'file')).toThrow(/file/);
    [from, to].forEach(disposeTraining);
  });
});

function withOnly(prefix: string, state: NamedTensors): NamedTensors {
  return Object.fromEntries(Object.entries(state).filter(([name]) => name.startsWith(prefix)));
}

describe('a state that does not fit', () => {
  const without = (name: string) => (state: NamedTensors) =>
    Object.fromEntries(Object.entries(state).filter(([key]) => key !== name));
  const reshaped = (name: string) => (state: NamedTensors) => ({
    ...state,
    [name]: { ...state[name]!, shape: [1, 2] },
  });

  it.each([
    ['a weight missing', without('generator/generator_hidden/kernel'), 'generator/generator_hidden/kernel'],
    [
      'a weight of another shape',
      reshaped('discriminator/discriminator_logit/bias'),
      'discriminator/discriminator_logit/bias',
    ],
    ['a slot missing', without('gOptimizer/v.2'), 'v.2'],
    ['a slot of another shape', reshaped('dOptimizer/m.0'), 'm.0'],
    ['no step', without('dOptimizer/step'), 'step'],
    [
      'a foreign tensor',
      (state: NamedTensors) => ({ ...state, 'unet/kernel': state['dOptimizer/m.0']! }),
      'unet/kernel',
    ],
    [
      'a tensor too many',
      (state: NamedTensors) => ({ ...state, 'generator/x': state['dOptimizer/m.0']! }),
      'generator/x',
    ],
  ])('with %s: named, and everything left as it was', async (_, damage, tensor) => {
    const [from, to] = [trained(1, 2), trained(2, 3)];
    const damaged = damage(await ganState(from));
    const before = await ganState(to);
    const error = await restoreGan(to, damaged, 'run/step-2.safetensors').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as CheckpointError).tensor).toBe(tensor);
    expect((error as Error).message).toContain('run/step-2.safetensors');
    expect(await ganState(to)).toEqual(before);
    disposeTraining(from);
    disposeTraining(to);
  });

  it('of another optimiser', async () => {
    const [from, to] = [trained(1, 2), { ...trained(2, 1), dOptimizer: sgd() }];
    const before = await ganState(to);
    await expect(restoreGan(to, await ganState(from))).rejects.toThrow(CheckpointError);
    expect(await ganState(to)).toEqual(before);
  });
});
