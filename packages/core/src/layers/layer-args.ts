import type { tf } from '../index.ts';

/** What every layer of tfjs takes: name, trainable, inputShape and so on. */
export type LayerArgs = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;
