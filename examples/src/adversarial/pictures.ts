import { type LabelledPictures, type Pictures, type Predict, evaluate } from '@lab/adversarial';
import { type LabelledImages, filterClasses, orderedBatches, subset } from '@lab/mnist-data';
import { firstOf } from '../run/data.ts';

/** Pictures of one class that are read correctly, of the first `limit`. */
export async function correctlyRead(
  predict: Predict,
  images: LabelledImages,
  label: number,
  limit: number,
): Promise<Pictures> {
  const some = firstOf(filterClasses(images, [label]), limit);
  const { predictions } = await evaluate(predict, allOf(some));
  const { data, shape } = allOf(
    subset(
      some,
      [...predictions.keys()].filter((i) => predictions[i] === label),
    ),
  );
  return { data, shape };
}

/** As one batch, in [0, 1]. */
export function allOf(images: LabelledImages): LabelledPictures {
  return orderedBatches(images, { batchSize: images.count }).next().value as LabelledPictures;
}

export function firstFew({ data, shape }: Pictures, limit: number): Pictures {
  const count = Math.min(limit, shape[0]!);
  return { data: data.subarray(0, (count * data.length) / shape[0]!), shape: [count, ...shape.slice(1)] };
}
