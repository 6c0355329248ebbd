import { ConfigError, tf } from '@lab/core';
import { type EvaluateOptions, readRows } from './evaluate.ts';
import type { Pictures } from './pictures.ts';

/** What a classifier makes of pictures, on the host. */
export interface Readings {
  /** The outputs of the layer before the logits, `[N, units]`. */
  readonly features: Pictures;
  /** softmax(logits), `[N, classes]`. */
  readonly probabilities: Pictures;
}

/**
 * Features and probabilities of every picture, as measures of sample quality want them. The features are the
 * input of the model's last layer.
 *
 * @param model A chain of layers whose last one is dense and gives the logits, as `classifier` makes it.
 * @throws ConfigError for another model, or pictures with pixels that are no numbers.
 */
export async function readFeatures(
  model: tf.LayersModel,
  pictures: Pictures,
  options: EvaluateOptions = {},
): Promise<Readings> {
  const last = model.layers.at(-1)!;
  if (last.getClassName() !== 'Dense') {
    throw new ConfigError({ field: "The model's last layer", value: last.getClassName(), expected: 'dense' });
  }
  const features = last.input as tf.SymbolicTensor;
  const both = tf.model({ inputs: model.inputs, outputs: [features, model.outputs[0]!] });
  const width = features.shape[1]!;
  const rows = await readRows((images) => featuresAndProbabilities(both, images), pictures, options);
  return splitRows(rows, width);
}

function featuresAndProbabilities(both: tf.LayersModel, images: tf.Tensor4D): tf.Tensor {
  const [features, logits] = both.apply(images, { training: false }) as tf.Tensor2D[];
  return tf.concat([features!, tf.softmax(logits!)], 1);
}

function splitRows({ data, shape }: Pictures, width: number): Readings {
  const [count, total] = shape as [number, number];
  const features = new Float32Array(count * width);
  const probabilities = new Float32Array(count * (total - width));
  for (let i = 0; i < count; i++) {
    features.set(data.subarray(i * total, i * total + width), i * width);
    probabilities.set(data.subarray(i * total + width, (i + 1) * total), i * (total - width));
  }
  return {
    features: { data: features, shape: [count, width] },
    probabilities: { data: probabilities, shape: [count, total - width] },
  };
}
