import { tf } from '@lab/core';

/** A model's layers; in the place of a model inside it, the layers of that one. */
export function layersOf(model: tf.LayersModel): tf.layers.Layer[] {
  return model.layers.flatMap((layer) => (layer instanceof tf.LayersModel ? layersOf(layer) : layer));
}
