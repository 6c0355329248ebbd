import { ConfigError } from '@lab/core';
import { type Matrix, requireRows, type Rows } from './rows.ts';

/** @throws ConfigError unless `rows` is shaped as grey pictures are. */
export function requireGrey(field: string, { shape }: Rows): [height: number, width: number] {
  const [, height, width, channels = 1] = shape;
  if ((shape.length === 3 || shape.length === 4) && channels === 1) return [height!, width!];
  throw new ConfigError({ field: `The shape of ${field}`, value: shape, expected: '[N, H, W] or [N, H, W, 1]' });
}

/** @throws ConfigError unless both are pictures in [0, 1], and of one shape. */
export function requirePairs(images: Rows, originals: Rows): [images: Matrix, originals: Matrix] {
  const pairs: [Matrix, Matrix] = [requireUnit('images', images), requireUnit('originals', originals)];
  if (String(images.shape) === String(originals.shape)) return pairs;
  const expected = `[${images.shape.join(', ')}], as that of images`;
  throw new ConfigError({ field: 'The shape of originals', value: originals.shape, expected });
}

function requireUnit(field: string, rows: Rows): Matrix {
  const matrix = requireRows(field, rows);
  const at = matrix.data.findIndex((value) => value < 0 || value > 1);
  if (at === -1) return matrix;
  const where = `Row ${Math.floor(at / matrix.size)}, column ${at % matrix.size} of ${field}`;
  const hint = 'Pictures in [-1, 1] become (x + 1) / 2.';
  throw new ConfigError({ field: where, value: matrix.data[at], expected: 'at least 0 and at most 1', hint });
}
