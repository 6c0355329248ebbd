import { ConfigError, RandomKey, rejectUnknownOptions, requireInteger, requireOneOf } from '@lab/core';

/** Options of `unet`. */
export interface UnetOptions {
  /** Decides the first weights. */
  readonly key: RandomKey;
  /**
   * Height and width of the images: a multiple of 2^(levels - 1), so that every halving comes out even.
   *
   * @default 28
   */
  readonly imageSize?: number;
  /**
   * Channels of the images, at least 1.
   *
   * @default 1
   */
  readonly channels?: number;
  /**
   * Channels of each level, the largest pictures first: n levels halve the picture n - 1 times. Each a multiple of
   * `groups`.
   *
   * @default [32, 64, 64]
   */
  readonly widths?: readonly number[];
  /**
   * Sizes at which the picture attends to itself: at the lowest level between the two middle blocks, at others behind
   * every residual block.
   *
   * @default the size of the lowest level: [7] for 28 halved twice
   */
  readonly attentionAt?: readonly number[];
  /**
   * Heads of each attention; divides the widths where there is one. With `classBy` 'attention' there is one head.
   *
   * @default 1
   */
  readonly heads?: number;
  /**
   * Sines and cosines that the time is told by, an even number of at least 2.
   *
   * @default 32
   */
  readonly timeFeatures?: number;
  /**
   * Length of the vector that tells every block time and label, at least 1.
   *
   * @default 128
   */
  readonly embedding?: number;
  /**
   * Classes that the labels name, at least 1; the label `classes` itself says "none of them".
   *
   * @default 10
   */
  readonly classes?: number;
  /**
   * How blocks are told the class: by its embedding, added to the time's, or by attending to it (Rombach et al. 2022, section
   * 3.3) wherever the picture attends to itself, `attentionAt`.
   *
   * @default 'sum'
   */
  readonly classBy?: 'sum' | 'attention';
  /**
   * Groups of channels that are normalised, each by itself; at least 1.
   *
   * @default 8
   */
  readonly groups?: number;
}

export type ResolvedUnetOptions = Required<UnetOptions>;

const known = [
  'key',
  'imageSize',
  'channels',
  'widths',
  'attentionAt',
  'heads',
  'timeFeatures',
  'embedding',
  'classes',
  'classBy',
  'groups',
];

/** @throws ConfigError for an option out of its range, or that doesn't fit the others. */
export function resolveUnetOptions(options: UnetOptions): ResolvedUnetOptions {
  rejectUnknownOptions('unet', options, known);
  const groups = requireInteger('groups', options.groups ?? 8, { min: 1 });
  const widths = requireWidths(options.widths ?? [32, 64, 64], groups);
  const imageSize = requireImageSize(options.imageSize ?? 28, widths.length);
  const sizes = widths.map((_, level) => imageSize / 2 ** level);
  const attentionAt = requireSizes(options.attentionAt ?? sizes.slice(-1), sizes);
  return {
    key: requireKey(options.key),
    imageSize,
    channels: requireInteger('channels', options.channels ?? 1, { min: 1 }),
    widths,
    attentionAt,
    heads: requireHeads(
      options.heads ?? 1,
      options.classBy,
      widths.filter((_, level) => attentionAt.includes(sizes[level]!)),
    ),
    timeFeatures: requireMultiple('timeFeatures', options.timeFeatures ?? 32, 2, '2'),
    embedding: requireInteger('embedding', options.embedding ?? 128, { min: 1 }),
    classes: requireInteger('classes', options.classes ?? 10, { min: 1 }),
    classBy: requireClassBy(options.classBy ?? 'sum', attentionAt),
    groups,
  };
}

function requireKey(key: unknown): RandomKey {
  if (key instanceof RandomKey) return key;
  throw new ConfigError({ field: 'key', value: key, expected: 'a RandomKey, as RandomKey.fromSeed(7)' });
}

export function requireWidths(widths: readonly number[], groups: number): readonly number[] {
  if (!Array.isArray(widths) || widths.length === 0) {
    throw new ConfigError({ field: 'widths', value: widths, expected: 'a list of at least one width' });
  }
  return widths.map((width, level) => requireMultiple(`widths[${level}]`, width, groups, `${groups} (groups)`));
}

export function requireImageSize(imageSize: number, levels: number): number {
  const unit = 2 ** (levels - 1);
  return requireMultiple('imageSize', imageSize, unit, `${unit}, since ${levels} widths halve it ${levels - 1} times`);
}

function requireSizes(attentionAt: readonly number[], sizes: readonly number[]): readonly number[] {
  if (Array.isArray(attentionAt) && attentionAt.every((size) => sizes.includes(size))) return attentionAt;
  const expected = `a list of sizes of the levels, which are ${sizes.join(', ')}`;
  throw new ConfigError({ field: 'attentionAt', value: attentionAt, expected });
}

function requireClassBy(classBy: 'sum' | 'attention', attentionAt: readonly number[]): 'sum' | 'attention' {
  requireOneOf('classBy', classBy, ['sum', 'attention']);
  if (classBy === 'sum' || attentionAt.length > 0) return classBy;
  throw new ConfigError({ field: 'classBy', value: classBy, expected: "'sum' for a network that attends nowhere" });
}

function requireHeads(heads: number, classBy: UnetOptions['classBy'], widths: readonly number[]): number {
  requireInteger('heads', heads, { min: 1 });
  if (classBy === 'attention' && heads > 1) {
    throw new ConfigError({
      field: 'heads',
      value: heads,
      expected: "1 with classBy 'attention', whose blocks have one",
    });
  }
  if (widths.every((width) => width % heads === 0)) return heads;
  const expected = `a divisor of the widths that attend, ${widths.join(', ')}`;
  throw new ConfigError({ field: 'heads', value: heads, expected });
}

/** @throws ConfigError unless `value` is a whole multiple of `of`, above 0; the error says `what` that is. */
export function requireMultiple(field: string, value: number, of: number, what: string): number {
  if (Number.isSafeInteger(value) && value > 0 && value % of === 0) return value;
  throw new ConfigError({ field, value, expected: `a multiple of ${what}` });
}
