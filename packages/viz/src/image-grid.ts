import { requireInteger, requireRange, show } from './check.ts';
import { type Images, MAX_RASTER_BYTES, MAX_SIDE, type Raster } from './raster.ts';

/** A grey level 0-255, or red, green and blue, each 0-255. */
export type Background = number | readonly [number, number, number];

export interface ImageGridOptions {
  /**
   * Tiles in a row.
   * @default the smallest square that holds all images: ceil(sqrt(N))
   */
  readonly columns?: number;
  /**
   * The pixel values drawn as black and as white; values outside are clamped.
   * Classifier and GAN images of the lab are in [0, 1], diffusion images in [-1, 1].
   * @default [0, 1]
   */
  readonly range?: readonly [number, number];
  /**
   * Each image pixel becomes a square of this many pixels (nearest neighbour, so digits stay crisp).
   * @default 2
   */
  readonly scale?: number;
  /**
   * Pixels between tiles and around the grid. Not scaled.
   * @default 2
   */
  readonly gap?: number;
  /**
   * What shows in the gaps and in the cells of an incomplete last row. An RGB background makes an RGB raster.
   * @default 96
   */
  readonly background?: Background;
}

interface Layout {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  readonly tileHeight: number;
  readonly tileWidth: number;
  readonly inChannels: 1 | 3;
  readonly channels: 1 | 3;
  readonly range: readonly [number, number];
  readonly scale: number;
  readonly gap: number;
  readonly background: readonly number[];
}

/**
 * Draws images `[N, H, W]` or `[N, H, W, 1 | 3]` side by side, left to right and top to bottom.
 *
 * The raster is `columns * (W * scale + gap) + gap` wide and `ceil(N / columns) * (H * scale + gap) + gap` high.
 *
 * @throws TypeError if `images` is not `{ data: Float32Array, shape }`
 * @throws RangeError if the shape, an option or a pixel (NaN, infinite) is out of range
 */
export function imageGrid(images: Images, options: ImageGridOptions = {}): Raster {
  const layout = resolveLayout(images, options);
  const width = layout.columns * (layout.tileWidth * layout.scale + layout.gap) + layout.gap;
  const height = layout.rows * (layout.tileHeight * layout.scale + layout.gap) + layout.gap;
  requireDrawable(width, height, layout);
  const raster = { data: new Uint8Array(width * height * layout.channels), width, height, channels: layout.channels };
  fillBackground(raster.data, layout.background);
  const levels = toLevels(images, layout);
  for (let index = 0; index < layout.count; index++) drawTile(raster, levels, index, layout);
  return raster;
}

function resolveLayout(images: Images, options: ImageGridOptions): Layout {
  const { count, tileHeight, tileWidth, inChannels } = readShape(images);
  const columns = options.columns ?? Math.ceil(Math.sqrt(count));
  requireInteger('imageGrid: columns', columns, { min: 1, max: MAX_SIDE });
  const background = resolveBackground(options.background ?? 96);
  const channels = inChannels === 3 || background.length === 3 ? 3 : 1;
  return {
    count,
    rows: Math.ceil(count / columns),
    columns,
    tileHeight,
    tileWidth,
    inChannels,
    channels,
    range: requireRange('imageGrid: range', options.range ?? [0, 1]),
    scale: requireInteger('imageGrid: scale', options.scale ?? 2, { min: 1, max: 256 }),
    gap: requireInteger('imageGrid: gap', options.gap ?? 2, { min: 0, max: 1024 }),
    background: channels === 3 && background.length === 1 ? [0, 0, 0].fill(background[0] ?? 0) : background,
  };
}

function readShape(images: Images) {
  const { data, shape } = images ?? {};
  if (!(data instanceof Float32Array) || !Array.isArray(shape)) {
    throw new TypeError(
      `imageGrid: images must be { data: Float32Array, shape: number[] }; got data: ${show(data)}, shape: ${show(shape)}. ` +
        'From a tensor: { data: await x.data(), shape: x.shape }.',
    );
  }
  const [count, tileHeight, tileWidth, channels = 1] = shape as readonly number[];
  const rank = shape.length === 3 || shape.length === 4;
  const whole = shape.every((size) => Number.isInteger(size) && size > 0);
  if (!rank || !whole || (channels !== 1 && channels !== 3)) {
    throw new RangeError(
      `imageGrid: images.shape must be [N, H, W] or [N, H, W, 1 | 3] with every size at least 1; got ${show(shape)}.`,
    );
  }
  const expected = shape.reduce((product, size) => product * size, 1);
  if (data.length !== expected) {
    throw new RangeError(
      `imageGrid: images.data must hold ${expected} values for the shape [${shape.join(', ')}]; got ${data.length}.`,
    );
  }
  return { count: count ?? 0, tileHeight: tileHeight ?? 0, tileWidth: tileWidth ?? 0, inChannels: channels as 1 | 3 };
}

function resolveBackground(background: Background): readonly number[] {
  const levels = typeof background === 'number' ? [background] : background;
  if (!Array.isArray(levels) || (levels.length !== 1 && levels.length !== 3)) {
    throw new TypeError(
      `imageGrid: background must be a grey level 0-255 or [red, green, blue]; got ${show(background)}.`,
    );
  }
  for (const level of levels) requireInteger('imageGrid: background', level, { min: 0, max: 255 });
  return levels;
}

function requireDrawable(width: number, height: number, { channels, scale }: Layout): void {
  if (width <= MAX_SIDE && height <= MAX_SIDE && width * height * channels <= MAX_RASTER_BYTES) return;
  throw new RangeError(
    `imageGrid: the picture would be ${width} x ${height} pixels, more than ${MAX_SIDE} on a side or ` +
      `${MAX_RASTER_BYTES / 2 ** 20} MiB; draw fewer images or lower scale (${scale}).`,
  );
}

/** Floats in `range` to bytes: 255 (v - low) / (high - low), rounded, clamped. */
function toLevels({ data }: Images, { range: [low, high], tileHeight, tileWidth, inChannels }: Layout): Uint8Array {
  const factor = 255 / (high - low);
  const levels = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0;
    if (!Number.isFinite(value)) {
      const image = Math.floor(i / (tileHeight * tileWidth * inChannels));
      throw new RangeError(
        `imageGrid: every pixel must be finite; image ${image} holds ${value} (images.data[${i}]). ` +
          'The network that made it has probably diverged: draw samples from an earlier checkpoint.',
      );
    }
    // Math.round, because Uint8ClampedArray itself rounds halves to even.
    levels[i] = Math.round((value - low) * factor);
  }
  return new Uint8Array(levels.buffer);
}

function fillBackground(data: Uint8Array, background: readonly number[]): void {
  if (background.length === 1) data.fill(background[0] ?? 0);
  else for (let i = 0; i < data.length; i++) data[i] = background[i % 3] ?? 0;
}

function drawTile(raster: Raster, levels: Uint8Array, index: number, layout: Layout): void {
  const { tileHeight, tileWidth, inChannels, scale, gap, columns } = layout;
  const left = gap + (index % columns) * (tileWidth * scale + gap);
  const top = gap + Math.floor(index / columns) * (tileHeight * scale + gap);
  const { data, width, channels } = raster;
  for (let y = 0; y < tileHeight * scale; y++) {
    const sourceRow = (index * tileHeight + Math.floor(y / scale)) * tileWidth;
    let target = ((top + y) * width + left) * channels;
    for (let x = 0; x < tileWidth * scale; x++) {
      const source = (sourceRow + Math.floor(x / scale)) * inChannels;
      for (let c = 0; c < channels; c++) data[target++] = levels[source + (c % inChannels)] ?? 0;
    }
  }
}
