import * as tf from './tf.js';

/**
 * Runs `body` and fails if it leaves more or fewer tensors alive than there were. A tensor that `body` returns counts as
 * a leak: dispose of results inside. Waits if `body` returns a promise.
 *
 * @throws Error saying how many tensors were left, or were disposed that `body` did not make.
 */
export function expectNoLeak(body: () => Promise<unknown>): Promise<void>;
export function expectNoLeak(body: () => unknown): void;
export function expectNoLeak(body: () => unknown): Promise<void> | void {
  const before = tf.memory().numTensors;
  const result = body();
  if (result instanceof Promise) return result.then(() => check(before));
  check(before);
}

function check(before: number): void {
  const left = tf.memory().numTensors - before;
  if (left > 0) throw new Error(`Expected no tensors to be left alive, but there are ${left} more than before.`);
  if (left < 0)
    throw new Error(`Expected no foreign tensors to be disposed, but there are ${-left} fewer than before.`);
}
