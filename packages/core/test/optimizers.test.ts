import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CheckpointError, ConfigError } from '../src/errors.ts';
import { adam, sgd, tf, useBackend, type NamedTensors, type Optimizer } from '../src/index.ts';
import { describeBackends, expectNoLeak } from '../src/testing.ts';
import { registerFusedAdam } from './fused-adam.ts';
import { makeVariables, readGolden, updateOnce, worstDeviation, type OptimizerCase } from './optimizer-cases.ts';

const adamGolden = readGolden<{ float64: OptimizerCase; float32: OptimizerCase }>('adam.json');
const adamOptionsGolden = readGolden<OptimizerCase>('adam-options.json');
const sgdGolden = readGolden<OptimizerCase>('sgd.json');
const scheduledGolden = readGolden<OptimizerCase>('sgd-scheduled.json');

const makers: Record<string, () => Optimizer> = {
  adam: () => adam({ learningRate: 0.05 }),
  sgd: () => sgd({ learningRate: 0.1, momentum: 0.7 }),
};

function testAdamAgainstPytorch(): void {
  it('follows PyTorch in float64 and in float32', () => {
    expect(worstDeviation(adam({ learningRate: 0.05 }), adamGolden.float64)).toBeLessThan(1e-6);
    expect(worstDeviation(adam({ learningRate: 0.05 }), adamGolden.float32)).toBeLessThan(1e-6);
  });

  it('follows PyTorch with other betas, a large epsilon and a falling rate', () => {
    const optimizer = adam({ learningRate: (step) => 0.1 / step, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 });
    expect(worstDeviation(optimizer, adamOptionsGolden)).toBeLessThan(1e-6);
  });
}

describeBackends('adam', () => testAdamAgainstPytorch());

describe('adam with a fused kernel', () => {
  beforeAll(async () => {
    await useBackend('cpu');
    registerFusedAdam('cpu');
  });
  afterAll(() => tf.unregisterKernel('FusedAdam', 'cpu'));

  testAdamAgainstPytorch();

  it('runs one kernel a variable, and leaves nothing behind', async () => {
    const variables = makeVariables(adamGolden.float64);
    const gradients = Object.fromEntries(variables.map((variable) => [variable.name, tf.onesLike(variable)]));
    const optimizer = adam();
    optimizer.apply(gradients, variables);
    const { kernelNames, newTensors } = await tf.profile(() => optimizer.apply(gradients, variables));
    expect(kernelNames).toEqual(['FusedAdam']);
    expect(newTensors).toBe(0);
    optimizer.dispose();
    tf.dispose([variables, gradients]);
  });
});

describe('adam on a backend that updates all variables in one call', () => {
  beforeAll(async () => void (await useBackend('simd')));

  it('makes that call, and gives the bits of one call a variable, which spares a clone', async () => {
    const [together, apart] = [makeVariables(adamGolden.float64), makeVariables(adamGolden.float64)];
    const clone = tf.clone(apart[0]!);
    const before = Array.from(clone.dataSync());
    const kernels: string[][] = [];
    for (const variables of [together, apart]) {
      const gradients = Object.fromEntries(variables.map((variable) => [variable.name, tf.onesLike(variable)]));
      const optimizer = adam({ learningRate: 0.1 });
      const { kernelNames } = await tf.profile(() => optimizer.apply(gradients, variables));
      kernels.push(kernelNames.filter((name) => name.startsWith('FusedAdam')));
      optimizer.dispose();
      tf.dispose(gradients);
    }
    expect(kernels).toEqual([['FusedAdamInPlace'], ['FusedAdam']]);
    expect(Array.from(clone.dataSync())).toEqual(before);
    together.forEach((variable, i) => expect(variable.dataSync()).toEqual(apart[i]!.dataSync()));
    tf.dispose([together, apart, clone]);
  });
});

describeBackends('sgd', () => {
  it('with momentum follows PyTorch', () => {
    expect(worstDeviation(sgd({ learningRate: 0.1, momentum: 0.7 }), sgdGolden)).toBeLessThan(2e-6);
  });

  it('follows its schedules of rate and momentum', () => {
    const optimizer = sgd({
      learningRate: (step) => 0.1 / 1.1 ** step,
      momentum: (step) => Math.min(0.5 + 0.02 * step, 0.7),
    });
    expect(worstDeviation(optimizer, scheduledGolden)).toBeLessThan(2e-6);
  });
});

describeBackends('every optimiser', () => {
  for (const [name, make] of Object.entries(makers)) {
    it(`${name} gives the same bits after a resume`, async () => {
      const [straight, stopped] = [make(), make()];
      const [whole, parts] = [makeVariables(adamGolden.float64), makeVariables(adamGolden.float64)];
      for (let step = 0; step < 7; step++) updateOnce(straight, whole, adamGolden.float64);
      for (let step = 0; step < 3; step++) updateOnce(stopped, parts, adamGolden.float64);
      const state = await stopped.state();
      stopped.dispose();
      const resumed = make();
      resumed.restore(state, { variables: parts });
      expect(resumed.step).toBe(3);
      for (let step = 3; step < 7; step++) updateOnce(resumed, parts, adamGolden.float64);
      parts.forEach((variable, i) => expect(variable.dataSync()).toEqual(whole[i]!.dataSync()));
      expect(await resumed.state()).toEqual(await straight.state());
      straight.dispose();
      resumed.dispose();
      tf.dispose([whole, parts]);
    });

    it(`${name} leaks nothing, inside tidy or out`, async () => {
      const variables = makeVariables(adamGolden.float64);
      const gradients = Object.fromEntries(variables.map((variable) => [variable.name, tf.onesLike(variable)]));
      const optimizer = make();
      optimizer.apply(gradients, variables);
      expectNoLeak(() => optimizer.apply(gradients, variables));
      expectNoLeak(() => tf.tidy(() => optimizer.apply(gradients, variables)));
      await expectNoLeak(() => optimizer.state());
      const state = await optimizer.state();
      expectNoLeak(() => optimizer.restore(state));
      expectNoLeak(() => {
        const fresh = make();
        fresh.apply(gradients, variables);
        fresh.dispose();
      });
      optimizer.dispose();
      tf.dispose([variables, gradients]);
    });

    it(`${name} starts afresh after dispose`, () => {
      const optimizer = make();
      const first = worstDeviation(optimizer, adamGolden.float64);
      optimizer.dispose();
      expect(optimizer.step).toBe(0);
      expect(worstDeviation(optimizer, adamGolden.float64)).toBe(first);
      optimizer.dispose();
    });
  }
});

describe('optimisers refuse', () => {
  const golden = adamGolden.float64;
  beforeAll(() => useBackend('cpu').then(() => undefined));

  it.each<[string, () => unknown, RegExp]>([
    ['a negative rate', () => adam({ learningRate: -1 }), /learningRate must be a number at least 0, not -1/],
    ['a beta of 1', () => adam({ beta1: 1 }), /beta1 must be a number at least 0 and below 1, not 1/],
    ['an epsilon of 0', () => adam({ epsilon: 0 }), /epsilon must be a number above 0, not 0/],
    ['a misspelt option', () => adam({ learningrate: 1 } as object), /Did you mean 'learningRate'/],
    ['a momentum of 1', () => sgd({ momentum: 1 }), /momentum must be a number at least 0 and below 1/],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(ConfigError);
    expect(act).toThrow(message);
  });

  it('a schedule that gives NaN, naming the step, and update nothing', () => {
    const variables = makeVariables(golden);
    const optimizer = sgd({ learningRate: (step) => (step < 2 ? 0.1 : NaN) });
    updateOnce(optimizer, variables, golden);
    const before = variables.map((variable) => variable.dataSync().slice());
    expect(() => updateOnce(optimizer, variables, golden)).toThrow(/learningRate at step 2/);
    expect(optimizer.step).toBe(1);
    variables.forEach((variable, i) => expect(variable.dataSync()).toEqual(before[i]));
    optimizer.dispose();
    tf.dispose(variables);
  });

  it('a missing gradient, naming the variable, and update nothing', () => {
    const variables = makeVariables(golden);
    const gradient = tf.onesLike(variables[0]!);
    const optimizer = adam();
    const before = variables[0]!.dataSync().slice();
    expect(() => optimizer.apply({ [variables[0]!.name]: gradient }, variables)).toThrow(variables[1]!.name);
    expect(variables[0]!.dataSync()).toEqual(before);
    expect(optimizer.step).toBe(0);
    tf.dispose([variables, gradient]);
  });

  it('a list of variables of another length', () => {
    const variables = makeVariables(golden);
    const optimizer = adam();
    updateOnce(optimizer, variables, golden);
    expect(() => updateOnce(optimizer, variables.slice(0, 1), golden)).toThrow(
      /number of variables must be 2 of them.*not 1/,
    );
    optimizer.dispose();
    tf.dispose(variables);
  });

  it('a state that does not fit, and keep their own', async () => {
    const variables = makeVariables(golden);
    const optimizer = adam();
    updateOnce(optimizer, variables, golden);
    const own = await optimizer.state();
    const shape = [4, 3];
    const broken: Record<string, [NamedTensors, RegExp]> = {
      'no step': [without(own, 'step'), /run.safetensors, tensor 'step': expected an I32 of shape \[\]/],
      'no v.1': [without(own, 'v.1'), /tensor 'v.1': expected a tensor, found none/],
      'no position 0': [without(without(own, 'v.0'), 'm.0'), /'m.1'/],
      'other names': [{ ...own, w: own['m.0']! }, /tensor 'w'/],
      'other dtype': [{ ...own, 'v.1': { ...own['v.1']!, dtype: 'I32' } }, /expected dtype F32, found dtype I32/],
      'other shape': [{ ...own, 'm.0': { ...own['m.0']!, shape } }, /expected shape \[3, 4\].*found shape \[4, 3\]/],
      'fewer variables': [without(without(own, 'm.1'), 'v.1'), /slots for 2 variables, found slots for 1/],
    };
    for (const [state, message] of Object.values(broken)) {
      const restore = () => optimizer.restore(state, { source: 'run.safetensors', variables });
      expectNoLeak(() => expect(restore).toThrow(CheckpointError));
      expect(restore).toThrow(message);
    }
    expect(await optimizer.state()).toEqual(own);
    optimizer.dispose();
    tf.dispose(variables);
  });

  it('a restored shape that differs from the variable at the next update', async () => {
    const variables = makeVariables(golden);
    const optimizer = adam();
    updateOnce(optimizer, variables, golden);
    optimizer.restore(await optimizer.state(), { source: 'run.safetensors' });
    expect(() =>
      updateOnce(optimizer, [...variables].reverse(), { ...golden, targets: [...golden.targets].reverse() }),
    ).toThrow(/run.safetensors, tensor 'm.0'/);
    optimizer.dispose();
    tf.dispose(variables);
  });
});

function without(state: NamedTensors, name: string): NamedTensors {
  return Object.fromEntries(Object.entries(state).filter(([key]) => key !== name));
}
