import { readFile } from 'node:fs/promises';
import { StorageError } from '@lab/core/node';
import { DataFormatError } from '@lab/mnist-data';
import { convertIndexedToRgb, decode, type DecodedPng } from 'fast-png';

/** A grey picture, `[height, width]`, in [0, 1]. */
export interface GreyPicture {
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
}

/**
 * Reads a PNG file as grey: colours by their luma (ITU-R BT.601), what is transparent as black.
 *
 * @throws StorageError if it can't be read, DataFormatError if it is no PNG or of fewer than 8 bits.
 */
export async function readPng(path: string): Promise<GreyPicture> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new StorageError({ action: 'read', path, cause });
  });
  try {
    const picture = decode(bytes);
    return { data: toGrey(withoutPalette(picture)), height: picture.height, width: picture.width };
  } catch (cause) {
    throw new DataFormatError(`is no PNG that can be read (${(cause as Error).message})`, { source: path, cause });
  }
}

type Pixels = Pick<DecodedPng, 'data' | 'depth' | 'channels'>;

function withoutPalette(picture: DecodedPng): Pixels {
  if (picture.palette === undefined) return picture;
  return { data: convertIndexedToRgb(picture), depth: 8, channels: picture.palette[0]!.length };
}

function toGrey({ data, depth, channels }: Pixels): Float32Array {
  if (depth < 8) throw new Error(`${depth} bits a pixel; 8 or 16 are read`);
  const full = 2 ** depth - 1;
  const [colours, hasAlpha] = channels > 2 ? [3, channels === 4] : [1, channels === 2];
  return Float32Array.from({ length: data.length / channels }, (_, i) => {
    const [first, second, third] = data.subarray(i * channels, (i + 1) * channels);
    const value = colours === 1 ? first! : 0.299 * first! + 0.587 * second! + 0.114 * third!;
    const alpha = hasAlpha ? data[(i + 1) * channels - 1]! / full : 1;
    return (value / full) * alpha;
  });
}
