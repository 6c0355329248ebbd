import { checkTensors } from './check-tensors.ts';
import { ConfigError } from './errors.ts';
import { readTensors, uploadTensor, type NamedTensors } from './named-tensors.ts';
import { rejectUnknownOptions, requireBoolean, requireNumber } from './option-checks.ts';
import * as tf from './tf.js';

/** Options of `Ema`. */
export interface EmaOptions {
  /**
   * Part of the average that an update keeps, in [0, 1).
   *
   * @default 0.999
   */
  readonly decay?: number;
  /**
   * Keeps less at first, min(decay, (1 + updates) / (10 + updates)), so that the first weights are soon forgotten
   * (as in TensorFlow's ExponentialMovingAverage with `num_updates`).
   *
   * @default false
   */
  readonly warmup?: boolean;
}

/**
 * Exponential moving averages of variables: `average = decay * average + (1 - decay) * variable` (Polyak averaging as
 * Kingma & Ba 2015, section 7.2, have it). They start as copies. Averages belong to positions in the list.
 */
export class Ema {
  readonly decay: number;
  readonly warmup: boolean;
  readonly #averages: tf.Tensor[];
  #updates = 0;

  /** @throws ConfigError for an option out of its range. */
  constructor(variables: readonly tf.Variable[], options: EmaOptions = {}) {
    rejectUnknownOptions('Ema', options, ['decay', 'warmup']);
    this.decay = requireNumber('decay', options.decay ?? 0.999, { min: 0, below: 1 });
    this.warmup = requireBoolean('warmup', options.warmup ?? false);
    this.#averages = variables.map((variable) => tf.keep(tf.clone(variable)));
  }

  /** Updates made so far; part of the state. */
  get updates(): number {
    return this.#updates;
  }

  /** Takes the variables' present values into the averages. */
  update(variables: readonly tf.Variable[]): void {
    this.#requireSame(variables);
    this.#updates += 1;
    const { decay, warmup } = this;
    const kept = warmup ? Math.min(decay, (1 + this.#updates) / (10 + this.#updates)) : decay;
    tf.tidy(() => {
      const taken = tf.scalar(1 - kept);
      variables.forEach((variable, i) => {
        const average = this.#averages[i]!;
        this.#replace(i, tf.add(average, tf.mul(tf.sub(variable, average), taken)));
      });
    });
  }

  /** Gives the variables the averages' values. */
  copyTo(variables: readonly tf.Variable[]): void {
    this.#requireSame(variables);
    variables.forEach((variable, i) => variable.assign(this.#averages[i]!));
  }

  /** Exchanges averages and variables: once before samples are drawn, and again to go on training. */
  swap(variables: readonly tf.Variable[]): void {
    this.#requireSame(variables);
    variables.forEach((variable, i) => {
      const present = tf.clone(variable);
      variable.assign(this.#averages[i]!);
      this.#replace(i, present);
    });
  }

  /** A copy on the host: averages by position, and `updates` (I32, shape []). */
  async state(): Promise<NamedTensors> {
    const averages = Object.fromEntries(this.#averages.map((average, i) => [`average.${i}`, average]));
    const updates = { dtype: 'I32', shape: [], data: Int32Array.of(this.#updates) } as const;
    return { ...(await readTensors(averages)), updates };
  }

  /**
   * Puts a state back. All of it is checked before anything is changed.
   *
   * @throws CheckpointError naming the tensor at fault.
   */
  restore(state: NamedTensors, source = 'EMA state'): void {
    const wanted = Object.fromEntries(this.#averages.map(({ shape }, i) => [`average.${i}`, { dtype: 'F32', shape }]));
    checkTensors({ ...wanted, updates: { dtype: 'I32', shape: [] } }, state, source);
    this.#averages.forEach((_, i) => this.#replace(i, uploadTensor(state[`average.${i}`]!)));
    this.#updates = Number(state['updates']!.data[0]);
  }

  dispose(): void {
    tf.dispose(this.#averages);
  }

  #replace(index: number, tensor: tf.Tensor): void {
    this.#averages[index]!.dispose();
    this.#averages[index] = tf.keep(tensor);
  }

  #requireSame(variables: readonly tf.Variable[]): void {
    if (variables.length === this.#averages.length) return;
    const expected = `${this.#averages.length} of them, as when the averages were made`;
    throw new ConfigError({ field: 'The number of variables', value: variables.length, expected });
  }
}
