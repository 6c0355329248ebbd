import { requireInteger, show } from './check.ts';

/** Images as they cross package borders: `[N, H, W]`, `[N, H, W, 1]` or `[N, H, W, 3]`, row-major float32. */
export interface Images {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** A picture of bytes, row-major: grey (`channels` 1) or RGB (`channels` 3), 0 = black and 255 = full. */
export interface Raster {
  /** `height * width * channels` bytes. */
  readonly data: Uint8Array;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  readonly channels: 1 | 3;
}

/** The largest raster drawn, in bytes: beyond it a mistaken `scale` is likelier than a wish. */
export const MAX_RASTER_BYTES = 2 ** 28;

/** 65535 is the largest side a GIF can state; a PNG of that size would not be looked at either. */
export const MAX_SIDE = 65535;

/**
 * @throws TypeError if `raster` is not a {@link Raster}
 * @throws RangeError if its sides are out of range or its data has the wrong length
 */
export function requireRaster(field: string, raster: Raster): Raster {
  if (!(raster?.data instanceof Uint8Array)) {
    throw new TypeError(
      `${field} must be a raster { data: Uint8Array, width, height, channels }; got ${show(raster)}. ` +
        'imageGrid() makes one from float images.',
    );
  }
  requireInteger(`${field}.width`, raster.width, { min: 1, max: MAX_SIDE });
  requireInteger(`${field}.height`, raster.height, { min: 1, max: MAX_SIDE });
  if (raster.channels !== 1 && raster.channels !== 3) {
    throw new RangeError(`${field}.channels must be 1 (grey) or 3 (RGB); got ${show(raster.channels)}.`);
  }
  const expected = raster.width * raster.height * raster.channels;
  if (raster.data.length !== expected) {
    throw new RangeError(
      `${field}.data must hold width * height * channels = ${expected} bytes ` +
        `(${raster.width} * ${raster.height} * ${raster.channels}); got ${raster.data.length}.`,
    );
  }
  return raster;
}
