import { type ConditionalGan, convolutionalCgan, mirza, pretrainedNetworks, referenceCgan } from '@lab/cgan';
import type { RandomKey } from '@lab/core';
import { type Gan, goodfellow, referenceMlp } from '@lab/gan';
import type { Networks } from '../presets.ts';

const makers: Readonly<Record<Networks, (key: RandomKey) => Gan>> = {
  'reference-mlp': (key) => referenceMlp(key),
  'reference-cgan': (key) => referenceCgan(key),
  'convolutional-cgan': (key) => convolutionalCgan(key, pretrainedNetworks),
  goodfellow: (key) => goodfellow(key),
  mirza: (key) => mirza(key),
};

/** The networks that a configuration names, untrained. */
export function networksNamed(name: Networks, key: RandomKey): Gan {
  return makers[name](key);
}

export function isConditional(gan: Gan): gan is ConditionalGan {
  return gan.classes !== undefined;
}
