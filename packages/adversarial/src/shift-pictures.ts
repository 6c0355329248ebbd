import { type RandomKey, requireInteger } from '@lab/core';
import type { LabelledPictures } from './pictures.ts';

/** Options of `shiftedBatches`. */
export interface ShiftOptions {
  /** Decides the shifts; batch s is moved by `key.child(s)`, s counted from `startStep`. */
  readonly key: RandomKey;
  /**
   * The most pixels that a picture is moved by in each direction, at least 0.
   *
   * @default 2
   */
  readonly most?: number;
  /**
   * Number of the first batch, when a run is resumed.
   *
   * @default 0
   */
  readonly startStep?: number;
}

/** The batches with every picture moved by whole pixels, each by its own uniform draw; zeros move in. */
export function* shiftedBatches<Batch extends LabelledPictures>(
  batches: Iterable<Batch>,
  { key, most = 2, startStep = 0 }: ShiftOptions,
): Generator<Batch, void, undefined> {
  requireInteger('most', most, { min: 0 });
  let step = requireInteger('startStep', startStep, { min: 0 });
  for (const batch of batches) {
    yield { ...batch, data: shifted(batch, key.child(step++).integers(2 * batch.shape[0]!, -most, most)) };
  }
}

function shifted({ data, shape }: LabelledPictures, shifts: ArrayLike<number>): Float32Array {
  const [count, height, width, channels] = shape as [number, number, number, number];
  const moved = new Float32Array(data.length);
  for (let i = 0; i < count; i++) {
    const [down, right] = [shifts[2 * i]!, shifts[2 * i + 1]!];
    const length = (width - Math.abs(right)) * channels;
    if (length <= 0) continue;
    for (let row = Math.max(0, down); row < Math.min(height, height + down); row++) {
      const from = ((i * height + row - down) * width + Math.max(0, -right)) * channels;
      const to = ((i * height + row) * width + Math.max(0, right)) * channels;
      moved.set(data.subarray(from, from + length), to);
    }
  }
  return moved;
}
