import type { tf } from '@lab/core';
import type { Source } from './source.ts';

/** One operation of a sequence, on operands of its own. */
export interface Trial {
  /** With its attributes, for the message of a failure. */
  readonly name: string;
  readonly inputs: readonly tf.Tensor[];
  readonly run: (...inputs: tf.Tensor[]) => tf.Tensor;
  /**
   * What a result's error is measured by: nothing, since there is none; the largest number there is among operands and
   * results; or the largest sum of the magnitudes of what is added up.
   */
  readonly error: 'none' | 'rounding' | 'summing';
  /** The same without an activation at the end, which would hide the magnitude of the sums. @default run */
  readonly sums?: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** Whether its derivatives are compared too; never so where rounding may decide a case, as a relu after a sum. */
  readonly gradients: boolean;
}

export type Operation = (source: Source) => Trial;
