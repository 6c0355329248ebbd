import { ConfigError } from '@lab/core';
import { requireLabels } from '../pictures.ts';

/** When an attack on a picture has succeeded. */
export interface Criterion {
  /** `untargeted`: it is no longer read as its class here; `targeted`: it is read as its class here. */
  readonly kind: 'untargeted' | 'targeted';
  /** One a picture. */
  readonly classes: Int32Array;
}

/** Success is any reading but the true one. @throws ConfigError for a label that is no integer of at least 0. */
export function untargeted(labels: ArrayLike<number>): Criterion {
  return { kind: 'untargeted', classes: requireLabels(labels, labels.length) };
}

/**
 * Success is being read as the given class.
 *
 * @param classes One a picture.
 * @param labels The true classes, if they are known: to be sure that no target equals one.
 * @throws ConfigError for a class that is no integer of at least 0, or a target that is the picture's own class.
 */
export function targeted(classes: ArrayLike<number>, labels?: ArrayLike<number>): Criterion {
  const targets = requireLabels(classes, classes.length);
  const own = labels === undefined ? undefined : requireLabels(labels, targets.length);
  const at = targets.findIndex((target, i) => target === own?.[i]);
  if (at === -1) return { kind: 'targeted', classes: targets };
  const expected = 'another class than the true one: such a picture needs no attack';
  throw new ConfigError({ field: `The target of picture ${at}`, value: targets[at], expected });
}
