import fc from 'fast-check';

/** How windows lie on pictures [B, H, W, C]: random sizes, strides and paddings, of which all leave an output. */
export interface Windows {
  readonly shape: [number, number, number, number];
  readonly filterSize: [number, number];
  readonly strides: [number, number];
  readonly pad: 'same' | 'valid' | number | [number, number][];
}

const side = fc.integer({ min: 1, max: 9 });
const channels = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 20));
const filter = fc.oneof(
  fc.constant<[number, number]>([2, 2]),
  fc.tuple(fc.constantFrom(1, 2, 3), fc.constantFrom(1, 2, 3, 4)),
);
const stride = fc.oneof(
  fc.constant<[number, number]>([2, 2]),
  fc.tuple(fc.constantFrom(1, 2, 3), fc.constantFrom(1, 2, 3)),
);
const edge = fc.tuple(fc.nat(2), fc.nat(2));
const pads = fc.oneof(
  fc.constantFrom<'same' | 'valid'>('same', 'valid'),
  fc.nat(2),
  fc.tuple(edge, edge).map(([rows, columns]): [number, number][] => [[0, 0], rows, columns, [0, 0]]),
);

/** Whether at least one window fits along a side; a number pads both sides alike. */
function fits({ shape, filterSize, pad }: Windows, axis: 1 | 2): boolean {
  if (pad === 'same') return true;
  const padding = typeof pad === 'number' ? 2 * pad : pad === 'valid' ? 0 : pad[axis]![0] + pad[axis]![1];
  // For padding by a number tfjs takes the window's height for its width.
  const extent = typeof pad === 'number' ? filterSize[0] : filterSize[axis - 1]!;
  return shape[axis] + padding >= extent;
}

export const windows: fc.Arbitrary<Windows> = fc
  .record({
    shape: fc.tuple(fc.integer({ min: 0, max: 3 }), side, side, channels),
    filterSize: filter,
    strides: stride,
    pad: pads,
  })
  .filter((w) => fits(w, 1) && fits(w, 2));

/** Windows whose outputs are cut into several chunks. */
export const largeWindows: readonly Windows[] = [
  { shape: [5, 24, 24, 32], filterSize: [2, 2], strides: [2, 2], pad: 'valid' },
  { shape: [4, 27, 25, 21], filterSize: [2, 2], strides: [2, 2], pad: 'same' },
  { shape: [3, 29, 30, 20], filterSize: [3, 3], strides: [2, 2], pad: 'same' },
  { shape: [3, 28, 28, 17], filterSize: [3, 2], strides: [1, 1], pad: [[0, 0], [2, 1], [0, 1], [0, 0]] }, // prettier-ignore
  { shape: [9, 14, 14, 32], filterSize: [14, 14], strides: [1, 1], pad: 'valid' },
];
