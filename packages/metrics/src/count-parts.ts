/** Which parts of a picture are counted. */
export interface PartsOptions {
  readonly height: number;
  readonly width: number;
  /** What the pixels of a part hold. */
  readonly value: number;
  /** Whether pixels that touch at a corner are joined. */
  readonly diagonal: boolean;
  /** Fewest pixels of a part that counts. */
  readonly smallest: number;
  /** Whether parts at the picture's border count. */
  readonly border: boolean;
}

const straight = [-1, 0, 1, 0, 0, -1, 0, 1];
const around = [...straight, -1, -1, -1, 1, 1, -1, 1, 1];

/** Connected parts of a picture, by flooding each from its first pixel. */
export function countParts(picture: Uint8Array, options: PartsOptions): number {
  const seen = new Uint8Array(picture.length);
  let parts = 0;
  for (let at = 0; at < picture.length; at++) {
    if (seen[at] !== 0 || picture[at] !== options.value) continue;
    const { pixels, atBorder } = flood(picture, at, seen, options);
    if (pixels >= options.smallest && (options.border || !atBorder)) parts++;
  }
  return parts;
}

/** Marks all pixels of the part that `first` is in. @returns How many they are, and whether any is at the border. */
function flood(
  picture: Uint8Array,
  first: number,
  seen: Uint8Array,
  { height, width, value, diagonal }: PartsOptions,
): { pixels: number; atBorder: boolean } {
  const steps = diagonal ? around : straight;
  const stack = [first];
  seen[first] = 1;
  let [pixels, atBorder] = [0, false];
  while (stack.length > 0) {
    const at = stack.pop()!;
    const [y, x] = [Math.floor(at / width), at % width];
    pixels++;
    if (y === 0 || x === 0 || y === height - 1 || x === width - 1) atBorder = true;
    for (let k = 0; k < steps.length; k += 2) {
      const [row, column] = [y + steps[k]!, x + steps[k + 1]!];
      if (row < 0 || column < 0 || row >= height || column >= width) continue;
      const next = row * width + column;
      if (seen[next] !== 0 || picture[next] !== value) continue;
      seen[next] = 1;
      stack.push(next);
    }
  }
  return { pixels, atBorder };
}
