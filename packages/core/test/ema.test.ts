import { describe, expect, it } from 'vitest';
import { CheckpointError, ConfigError } from '../src/errors.ts';
import { Ema, tf, type NamedTensors } from '../src/index.ts';
import { describeBackends, expectNoLeak, expectTensorsClose } from '../src/testing.ts';

describeBackends('Ema', () => {
  it('averages exponentially, from the first values on', () => {
    const variable = tf.variable(tf.tensor1d([1, 10]));
    const ema = new Ema([variable], { decay: 0.9 });
    let wanted = [1, 10];
    for (let step = 1; step <= 5; step++) {
      const values = [step, -step];
      tf.tidy(() => variable.assign(tf.tensor1d(values)));
      ema.update([variable]);
      wanted = wanted.map((average, i) => 0.9 * average + 0.1 * values[i]!);
    }
    ema.copyTo([variable]);
    expectTensorsClose(variable, wanted);
    ema.dispose();
    variable.dispose();
  });

  it('with warm-up soon forgets the start', () => {
    const variable = tf.variable(tf.scalar(0));
    const ema = new Ema([variable], { decay: 0.999, warmup: true });
    tf.tidy(() => variable.assign(tf.scalar(1)));
    ema.update([variable]);
    ema.copyTo([variable]);
    expectTensorsClose(variable, 1 - 2 / 11);
    ema.dispose();
    variable.dispose();
  });

  it('swaps and swaps back', () => {
    const variables: tf.Variable[] = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.scalar(3))];
    const ema = new Ema(variables, { decay: 0.5 });
    tf.tidy(() => variables[0]!.assign(tf.tensor1d([3, 4])));
    ema.update(variables);
    ema.swap(variables);
    expectTensorsClose(variables[0]!, [2, 3]);
    expectNoLeak(() => ema.swap(variables));
    expectTensorsClose(variables[0]!, [3, 4]);
    ema.dispose();
    tf.dispose(variables);
  });

  it('goes on from a saved state with the same bits', async () => {
    const variable = tf.variable(tf.tensor1d([0.1, 0.2, 0.3]));
    const straight = new Ema([variable]);
    tf.tidy(() => variable.assign(tf.tensor1d([1, 2, 3])));
    straight.update([variable]);
    const resumed = new Ema([variable]);
    resumed.restore(await straight.state());
    expect(resumed.updates).toBe(1);
    for (const ema of [straight, resumed]) ema.update([variable]);
    expect(await resumed.state()).toEqual(await straight.state());
    expectNoLeak(() => straight.update([variable]));
    straight.dispose();
    resumed.dispose();
    variable.dispose();
  });

  it('refuses a foreign state and keeps its own', async () => {
    const variable = tf.variable(tf.tensor1d([1, 2]));
    const ema = new Ema([variable]);
    const own = await ema.state();
    const foreign: NamedTensors = { ...own, 'average.0': { dtype: 'F32', shape: [3], data: new Float32Array(3) } };
    expect(() => ema.restore(foreign, 'run.safetensors')).toThrow(CheckpointError);
    expect(() => ema.restore({}, 'run.safetensors')).toThrow(/run.safetensors, tensor 'average.0'/);
    expect(await ema.state()).toEqual(own);
    ema.dispose();
    variable.dispose();
  });
});

describe('Ema refuses', () => {
  it('a decay outside [0, 1) and other variables', () => {
    expect(() => new Ema([], { decay: 1 })).toThrow(ConfigError);
    expect(() => new Ema([], { decy: 0.5 } as object)).toThrow(/Did you mean 'decay'/);
    expect(() => new Ema([]).update([{} as tf.Variable])).toThrow(/number of variables must be 0/);
  });
});
