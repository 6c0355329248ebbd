import { encode } from 'fast-png';
import { type Raster, requireRaster } from './raster.ts';

/**
 * Encodes a raster as an 8-bit PNG, grey or RGB. Lossless: decoding gives the same bytes back.
 *
 * @throws TypeError if `raster` is not a {@link Raster}
 * @throws RangeError if its sides or the length of its data do not fit together
 */
export function encodePng(raster: Raster): Uint8Array {
  const { data, width, height, channels } = requireRaster('encodePng: raster', raster);
  return encode({ data, width, height, channels, depth: 8 });
}
