import { tf } from '@lab/core';

/**
 * Runs a network without a trace in it: what its layers keep from one batch to the next, such as the moving means of batch
 * normalisation, is put back. So one player's move leaves the other's network as it was.
 */
export function leavingState<T>(model: tf.LayersModel, run: () => T): T {
  const kept = model.nonTrainableWeights.map((weight) => weight.read() as tf.Variable);
  if (kept.length === 0) return run();
  const before = kept.map((variable) => tf.keep(tf.clone(variable)));
  try {
    return run();
  } finally {
    kept.forEach((variable, i) => variable.assign(before[i]!));
    tf.dispose(before);
  }
}
