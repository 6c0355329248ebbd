import { ConfigError, rejectUnknownOptions, requireInteger } from '@lab/core';
import { requireImageSize, requireWidths } from '../unet-options.ts';

/** Options of `autoencoder`. */
export interface AutoencoderOptions {
  /**
   * Height and width of the pictures: a multiple of 2^(levels - 1).
   *
   * @default 28
   */
  readonly imageSize?: number;
  /**
   * Channels of the pictures, at least 1.
   *
   * @default 1
   */
  readonly channels?: number;
  /**
   * Channels of each level, the largest pictures first: at least two, each a multiple of `groups`.
   *
   * @default [32, 32, 64]
   */
  readonly widths?: readonly number[];
  /**
   * Channels of the latents, at least 1.
   *
   * @default 4
   */
  readonly latentChannels?: number;
  /**
   * Groups of channels that are normalised, each by itself; at least 1.
   *
   * @default 8
   */
  readonly groups?: number;
}

export type ResolvedAutoencoder = Required<AutoencoderOptions> & { readonly latentSize: number };

/** @throws ConfigError for an option out of its range, or that doesn't fit the others. */
export function resolveAutoencoderOptions(options: AutoencoderOptions): ResolvedAutoencoder {
  rejectUnknownOptions('autoencoder', options, ['imageSize', 'channels', 'widths', 'latentChannels', 'groups']);
  const groups = requireInteger('groups', options.groups ?? 8, { min: 1 });
  const widths = requireWidths(options.widths ?? [32, 32, 64], groups);
  if (widths.length < 2) throw new ConfigError({ field: 'widths', value: widths, expected: 'two of them or more' });
  const imageSize = requireImageSize(options.imageSize ?? 28, widths.length);
  return {
    imageSize,
    latentSize: imageSize / 2 ** (widths.length - 1),
    channels: requireInteger('channels', options.channels ?? 1, { min: 1 }),
    widths,
    latentChannels: requireInteger('latentChannels', options.latentChannels ?? 4, { min: 1 }),
    groups,
  };
}
