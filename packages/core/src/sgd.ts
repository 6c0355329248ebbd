import { rejectUnknownOptions } from './option-checks.ts';
import { gradientsInOrder, requireSchedule, scheduled, type Optimizer, type Schedule } from './optimizer.ts';
import { Slots } from './slots.ts';
import * as tf from './tf.js';

/** Options of `sgd`. */
export interface SgdOptions {
  /**
   * Step size, at least 0; constant, or a function of the step.
   *
   * @default 0.01
   */
  readonly learningRate?: Schedule;
  /**
   * Part of the velocity that is kept, in [0, 1); constant, or a function of the step. 0 is plain gradient descent.
   *
   * @default 0
   */
  readonly momentum?: Schedule;
}

/**
 * Stochastic gradient descent with classical momentum: Sutskever, Martens, Dahl, Hinton 2013, equations 1 and 2:
 * `velocity = momentum * velocity - learningRate * gradient; p += velocity`. (PyTorch leaves the learning rate out of
 * the velocity: the same updates as long as the rate is constant.)
 *
 * @throws ConfigError for an option out of its range.
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  rejectUnknownOptions('sgd', options, ['learningRate', 'momentum']);
  const learningRate = requireSchedule('learningRate', options.learningRate ?? 0.01, { min: 0 });
  const momentum = requireSchedule('momentum', options.momentum ?? 0, { min: 0, below: 1 });
  const slots = new Slots(['velocity'] as const);
  let step = 0;
  return {
    name: 'sgd',
    get step() {
      return step;
    },
    apply(gradients, variables) {
      const ordered = gradientsInOrder(gradients, variables);
      const rate = scheduled('learningRate', learningRate, step + 1);
      const kept = scheduled('momentum', momentum, step + 1);
      const state = slots.for(variables);
      step += 1;
      tf.tidy(() => {
        const [keptScalar, rateScalar] = [tf.scalar(kept), tf.scalar(rate)];
        variables.forEach((variable, i) => {
          const velocity = tf.sub(tf.mul(state[i]!.velocity, keptScalar), tf.mul(ordered[i]!, rateScalar));
          variable.assign(tf.add(variable, velocity));
          slots.replace(state[i]!, 'velocity', velocity);
        });
      });
    },
    state: () => slots.read(step),
    restore(state, restoreOptions = {}) {
      step = slots.restore(state, restoreOptions);
    },
    dispose() {
      slots.dispose();
      step = 0;
    },
  };
}
