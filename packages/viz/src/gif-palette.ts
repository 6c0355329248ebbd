import { type GifColour, gifLibrary } from './gif-library.ts';
import type { Raster } from './raster.ts';

/** One colour table for all frames, and each frame as indices into it. */
export interface IndexedFrames {
  readonly palette: GifColour[];
  readonly frames: readonly Uint8Array[];
}

// Enough pixels to find the colours of any animation; the quantiser's time grows with their number.
const MAX_SAMPLED_PIXELS = 1 << 20;

/**
 * Indexes frames against one shared palette, so that colours do not flicker from frame to frame.
 * Exact wherever the frames together have at most `colours` colours; else grey is rounded to evenly spaced levels
 * and RGB is quantised.
 */
export function indexFrames(rasters: readonly Raster[], colours: number): IndexedFrames {
  const exact = exactPalette(rasters, colours);
  if (exact !== undefined)
    return { palette: exact.map(unpack), frames: rasters.map((raster) => lookUp(raster, exact)) };
  if (rasters.every((raster) => raster.channels === 1)) return greyLevels(rasters, colours);
  return quantised(rasters, colours);
}

function pack({ data, channels }: Raster, pixel: number): number {
  const at = pixel * channels;
  const red = data[at] ?? 0;
  return channels === 1 ? red * 0x010101 : (red << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
}

const unpack = (packed: number): GifColour => [packed >> 16, (packed >> 8) & 255, packed & 255];

function exactPalette(rasters: readonly Raster[], colours: number): number[] | undefined {
  const seen = new Set<number>();
  for (const raster of rasters) {
    for (let pixel = 0; pixel < raster.width * raster.height; pixel++) {
      seen.add(pack(raster, pixel));
      if (seen.size > colours) return undefined;
    }
  }
  return [...seen].sort((a, b) => a - b);
}

function lookUp(raster: Raster, palette: readonly number[]): Uint8Array {
  const places = new Map(palette.map((colour, place) => [colour, place]));
  return Uint8Array.from({ length: raster.width * raster.height }, (_, pixel) => places.get(pack(raster, pixel)) ?? 0);
}

function greyLevels(rasters: readonly Raster[], colours: number): IndexedFrames {
  const steps = colours - 1;
  const palette = Array.from({ length: colours }, (_, i): GifColour => {
    const level = Math.round((255 * i) / steps);
    return [level, level, level];
  });
  return { palette, frames: rasters.map(({ data }) => data.map((level) => Math.round((level * steps) / 255))) };
}

function quantised(rasters: readonly Raster[], colours: number): IndexedFrames {
  const pixels = rasters.reduce((sum, { width, height }) => sum + width * height, 0);
  const stride = Math.max(1, Math.ceil(pixels / MAX_SAMPLED_PIXELS));
  const samples = rasters.map((raster) => toRgba(raster, stride));
  const palette = gifLibrary.quantize(concatenate(samples), colours);
  return { palette, frames: rasters.map((raster) => gifLibrary.applyPalette(toRgba(raster, 1), palette)) };
}

function toRgba(raster: Raster, stride: number): Uint8Array {
  const count = Math.ceil((raster.width * raster.height) / stride);
  const rgba = new Uint8Array(count * 4);
  for (let i = 0; i < count; i++) rgba.set([...unpack(pack(raster, i * stride)), 255], i * 4);
  return rgba;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
