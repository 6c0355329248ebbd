import { requireArray, requireInteger, requireNumber } from './check.ts';
import { gifLibrary } from './gif-library.ts';
import { indexFrames } from './gif-palette.ts';
import { type Raster, requireRaster } from './raster.ts';

export interface EncodeGifOptions {
  /**
   * How long each frame is shown, in milliseconds: 20 to 655350, rounded to 10 (the unit of the format).
   * Browsers slow anything below 20 down to 100, which is why it is refused.
   * @default 200
   */
  readonly delayMs?: number;
  /**
   * How long the last frame is shown, in milliseconds: a pause before the animation starts again.
   * @default delayMs
   */
  readonly lastDelayMs?: number;
  /**
   * `true`: for ever; `false`: once; a number: so many times in all, 1 to 65536.
   * @default true
   */
  readonly loop?: boolean | number;
  /**
   * Size of the palette all frames share, 2 to 256. Fewer colours make a smaller file: 16 greys are plenty for digits.
   * @default 256
   */
  readonly colours?: number;
}

interface Timing {
  readonly delay: number;
  readonly lastDelay: number;
  /** As gifenc wants it: -1 once, 0 for ever, n repeats after the first showing. */
  readonly repeat: number;
  readonly colours: number;
}

/**
 * Encodes rasters of one size as an animated GIF (GIF89a).
 * Lossless while all frames together have at most `colours` colours, as grey frames always have by default.
 *
 * @throws TypeError if a frame is not a {@link Raster}
 * @throws RangeError if there is no frame, the frames differ in size, or an option is out of range
 */
export function encodeGif(rasters: readonly Raster[], options: EncodeGifOptions = {}): Uint8Array {
  const { delay, lastDelay, repeat, colours } = resolveTiming(options);
  const { width, height } = requireSameSize(rasters);
  const { palette, frames } = indexFrames(rasters, colours);
  const colorDepth = Math.max(1, Math.ceil(Math.log2(palette.length)));
  const encoder = gifLibrary.GIFEncoder();
  frames.forEach((frame, i) => {
    const shared = { delay: i === frames.length - 1 ? lastDelay : delay, repeat, colorDepth };
    // Only the first frame carries the palette: it becomes the global one.
    encoder.writeFrame(frame, width, height, i === 0 ? { ...shared, palette } : shared);
  });
  encoder.finish();
  return encoder.bytes();
}

function resolveTiming({ delayMs = 200, lastDelayMs = delayMs, loop = true, colours = 256 }: EncodeGifOptions): Timing {
  const bounds = { min: 20, max: 655350 };
  return {
    delay: requireNumber('encodeGif: delayMs', delayMs, bounds),
    lastDelay: requireNumber('encodeGif: lastDelayMs', lastDelayMs, bounds),
    repeat: resolveRepeat(loop),
    colours: requireInteger('encodeGif: colours', colours, { min: 2, max: 256 }),
  };
}

function resolveRepeat(loop: boolean | number): number {
  if (loop === true) return 0;
  if (loop === false || loop === 1) return -1;
  return requireInteger('encodeGif: loop (a count of showings; true is for ever)', loop, { min: 1, max: 65536 }) - 1;
}

function requireSameSize(rasters: readonly Raster[]): Raster {
  requireArray('encodeGif: rasters', rasters, 'rasters, one a frame');
  const [first] = rasters;
  if (first === undefined) throw new RangeError('encodeGif: rasters must hold at least one frame; got none.');
  rasters.forEach((raster, i) => {
    requireRaster(`encodeGif: rasters[${i}]`, raster);
    if (raster.width === first.width && raster.height === first.height) return;
    throw new RangeError(
      `encodeGif: every frame must have the size of the first, ${first.width} x ${first.height}; ` +
        `rasters[${i}] is ${raster.width} x ${raster.height}. Draw all frames with the same number of images and columns.`,
    );
  });
  return first;
}
