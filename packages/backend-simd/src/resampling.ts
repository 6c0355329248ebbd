// Which pixels a resized picture takes its own from, along one side: the arithmetic of tfjs's resize kernels.

/** How one side of a picture is resized. */
export interface Side {
  readonly size: number;
  readonly newSize: number;
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** Pixels of the old side for each of the new. */
function ratio({ size, newSize, alignCorners }: Side): number {
  return alignCorners && newSize > 1 ? (size - 1) / (newSize - 1) : size / newSize;
}

/** The nearest old pixel of each new one. */
export function nearestPixels(side: Side): number[] {
  const scale = ratio(side);
  return Array.from({ length: side.newSize }, (_, i) => {
    const at = scale * (side.halfPixelCenters ? i + 0.5 : i);
    return Math.min(side.size - 1, side.alignCorners ? Math.round(at) : Math.floor(at));
  });
}

/** For each old pixel the first new one that it is the nearest to, and where the last one's end: size + 1 numbers. */
export function firstTakers(side: Side): number[] {
  const nearest = nearestPixels(side);
  const firsts: number[] = [];
  let first = 0;
  for (let pixel = 0; pixel <= side.size; pixel++) {
    while (first < nearest.length && (nearest[first] as number) < pixel) first++;
    firsts.push(first);
  }
  return firsts;
}

/** For each new pixel the two old ones it lies between, and the fraction of the way, whose bits stand for it. */
export function neighbours(side: Side): Int32Array<ArrayBuffer> {
  const scale = ratio(side);
  const entries = new Int32Array(side.newSize * 3);
  const fractions = new Float32Array(entries.buffer);
  for (let i = 0; i < side.newSize; i++) {
    const at = side.halfPixelCenters ? scale * (i + 0.5) - 0.5 : scale * i;
    const low = Math.max(0, Math.floor(at));
    entries[3 * i] = low;
    entries[3 * i + 1] = Math.min(side.size - 1, Math.ceil(at));
    fractions[3 * i + 2] = at - low;
  }
  return entries;
}
