import { requireInteger } from './option-error.ts';

/**
 * Labels as rows of zeros with a one at the label, `[labels.length, classes]`.
 *
 * @throws OptionError if a label is not below `classes`
 */
export function oneHot(labels: ArrayLike<number>, classes: number): Float32Array {
  requireInteger('classes', classes, { min: 1 });
  const rows = new Float32Array(labels.length * classes);
  for (let k = 0; k < labels.length; k++) {
    rows[k * classes + requireInteger(`labels[${k}]`, labels[k], { max: classes - 1 })] = 1;
  }
  return rows;
}
