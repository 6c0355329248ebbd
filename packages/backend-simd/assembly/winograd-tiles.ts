// Which pixels the tiles of Winograd's convolution cover: each 6 x 6 tile of the input yields 4 x 4 pixels of the output.

import { Convolution } from './convolution';
import { inputPass } from './winograd-transforms';

export const TILE: i32 = 4; // pixels of the output from one tile to the next
export const SPAN: i32 = 6; // pixels of the input that a tile sees
export const POINTS: i32 = 36; // numbers in a transformed tile

/** A plane of pixels and the tiles laid over it. */
@unmanaged
export class Tiles {
  pixels: usize = 0; // [batch, height, width, channels], channels a multiple of 8
  height: i32 = 0;
  width: i32 = 0;
  channels: i32 = 0;
  padTop: i32 = 0;
  padLeft: i32 = 0;
  tilesY: i32 = 0; // of an image
  tilesX: i32 = 0;
  tiles: i32 = 0; // of all images
  zeros: usize = 0; // a pixel's worth, for what lies outside
}

/** Lays tiles over the input of a convolution. */
export function layTiles(t: Tiles, c: Convolution, x: usize): void {
  t.pixels = x;
  t.height = c.height;
  t.width = c.width;
  t.channels = c.channels;
  t.padTop = c.padTop;
  t.padLeft = c.padLeft;
  coverOutput(t, c.batch, c.outHeight, c.outWidth);
}

/** As many tiles as yield an output so high and wide. */
export function coverOutput(t: Tiles, batch: i32, height: i32, width: i32): void {
  t.tilesY = (height + TILE - 1) / TILE;
  t.tilesX = (width + TILE - 1) / TILE;
  t.tiles = batch * t.tilesY * t.tilesX;
}

/** Bytes from one point's matrix to the next: an odd number of cache lines, so that they don't crowd into a few sets. */
export function pointStride(rows: i32, channels: i32): usize {
  return ((((<usize>rows * channels) << 2) + 63) & ~63) | 64;
}

/**
 * The transformed input of a tile, counted through the images, to `to` + point * stride. `scratch` takes a tile of all
 * channels.
 */
export function transformTile(t: Tiles, tile: i32, to: usize, stride: usize, scratch: usize): void {
  const perImage = t.tilesY * t.tilesX;
  const image = tile / perImage;
  const inImage = tile - image * perImage;
  const tileY = inImage / t.tilesX;
  const y = tileY * TILE - t.padTop;
  const x = (inImage - tileY * t.tilesX) * TILE - t.padLeft;
  const pixelBytes = (<usize>t.channels) << 2;
  const groups = t.channels >> 3;
  for (let j = 0; j < SPAN; j++) {
    inputPass(
      pixelOf(t, image, y, x + j), pixelOf(t, image, y + 1, x + j), pixelOf(t, image, y + 2, x + j),
      pixelOf(t, image, y + 3, x + j), pixelOf(t, image, y + 4, x + j), pixelOf(t, image, y + 5, x + j),
      scratch + <usize>j * pixelBytes, SPAN * pixelBytes, 32, groups,
    );
  }
  for (let i = 0; i < SPAN; i++) {
    const row = scratch + <usize>(i * SPAN) * pixelBytes;
    inputPass(
      row, row + pixelBytes, row + 2 * pixelBytes, row + 3 * pixelBytes, row + 4 * pixelBytes, row + 5 * pixelBytes,
      to + <usize>(i * SPAN) * stride, stride, 32, groups,
    );
  }
}

/** A pixel's address, or that of zeros. */
// @ts-ignore: decorator
@inline
export function pixelOf(t: Tiles, image: i32, y: i32, x: i32): usize {
  if (<u32>y >= <u32>t.height || <u32>x >= <u32>t.width) return t.zeros;
  const pixel = (<usize>image * <usize>t.height + <usize>y) * <usize>t.width + <usize>x;
  return t.pixels + ((pixel * <usize>t.channels) << 2);
}
