import { tf } from '@lab/core';
import { largest, type Values } from './difference.ts';
import type { Trial } from './trial.ts';

/** What cpu has for a trial. */
export interface Oracle {
  /** The result, and the derivatives by all operands if there is a `dy`. */
  readonly results: readonly Values[];
  /** The number that the error of one of these is measured by. */
  scale(i: number): number;
}

/** Runs a trial on `cpu`, on copies of its operands, and makes `simd` the current backend again. */
export async function onCpu(trial: Trial, dy: tf.Tensor | undefined): Promise<Oracle> {
  await tf.setBackend('cpu');
  tf.engine().startScope();
  try {
    const results = compute(trial, dy, (x) => x);
    const operands = [...trial.inputs, ...(dy ? [dy] : [])].map(read);
    const magnitudes =
      trial.error === 'summing' ? compute({ ...trial, run: trial.sums ?? trial.run }, dy, Math.abs) : undefined;
    const scale = (i: number): number => largest(magnitudes ? [magnitudes[i]!] : [...operands, results[i]!]);
    return { results, scale: (i) => (trial.error === 'none' && i === 0 ? 0 : scale(i)) };
  } finally {
    tf.engine().endScope();
    await tf.setBackend('simd');
  }
}

/** The result and the derivatives, with each number of the operands changed. */
function compute(trial: Trial, dy: tf.Tensor | undefined, change: (x: number) => number): Values[] {
  const copy = (tensor: tf.Tensor): tf.Tensor => {
    const { shape, dtype, values } = read(tensor);
    return tf.tensor(Array.from(values, change), [...shape], dtype as 'float32');
  };
  const inputs = trial.inputs.map(copy);
  return [trial.run(...inputs), ...(dy ? differentiate({ ...trial, inputs }, copy(dy)) : [])].map(read);
}

/** Derivatives of the sum of the result times `dy`, by all operands. */
export function differentiate({ run, inputs }: Trial, dy: tf.Tensor): tf.Tensor[] {
  return tf.grads((...xs: tf.Tensor[]) => run(...xs))([...inputs], dy);
}

export function read(tensor: tf.Tensor): Values {
  return { shape: tensor.shape, dtype: tensor.dtype, values: tensor.dataSync() };
}
