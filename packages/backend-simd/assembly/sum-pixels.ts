// The sum of a rectangle of pixels, channel by channel.

import { storeUpTo } from './lanes';
import { splat } from './math';

/**
 * y[c] = the sum of x[i, j, c] over `rows` and `columns`, divided by `divisor`. Sums each row before the rows, so that the
 * error grows with the rectangle's sides and not with its area.
 */
export function sumPixels(
  x: usize, y: usize, channels: i32, rows: i32, columns: i32, pixel: usize, pitch: usize, divisor: f32,
): void {
  if (rows == 2 && columns == 2) sumFour(x, y, channels, pixel, pitch, 1 / divisor);
  else sumRectangle(x, y, channels, rows, columns, pixel, pitch, divisor);
}

function sumFour(x: usize, y: usize, channels: i32, pixel: usize, pitch: usize, factor: f32): void {
  const below = x + pitch;
  for (let c = 0; c < channels; c += 4) {
    const at = (<usize>c) << 2;
    const upper = f32x4.add(v128.load(x + at), v128.load(x + pixel + at));
    const lower = f32x4.add(v128.load(below + at), v128.load(below + pixel + at));
    storeUpTo(y + at, f32x4.mul(f32x4.add(upper, lower), splat(factor)), channels - c);
  }
}

function sumRectangle(
  x: usize, y: usize, channels: i32, rows: i32, columns: i32, pixel: usize, pitch: usize, divisor: f32,
): void {
  for (let c = 0; c < channels; c += 4) {
    let total = splat(0);
    let row = x;
    for (let i = 0; i < rows; i++) {
      let sum = splat(0);
      let at = row;
      for (let j = 0; j < columns; j++) {
        sum = f32x4.add(sum, v128.load(at));
        at += pixel;
      }
      total = f32x4.add(total, sum);
      row += pitch;
    }
    storeUpTo(y, f32x4.div(total, splat(divisor)), channels - c);
    x += 16;
    y += 16;
  }
}
