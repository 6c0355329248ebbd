/** Where a {@link DataFormatError} was found. */
export interface DataFormatErrorDetails {
  /** File name or URL of the data at fault. */
  readonly source: string;
  /** Byte at which the data stop being what they should be, counted in the uncompressed file. */
  readonly offset?: number | undefined;
  /** The error underneath, if one was caught. */
  readonly cause?: unknown;
}

/** Data that are not what they claim to be: truncated, oversized, mislabelled, damaged, foreign or hostile. */
export class DataFormatError extends Error {
  override readonly name = 'DataFormatError';
  /** File name or URL of the data at fault. */
  readonly source: string;
  /** Byte at which the data stop being what they should be, counted in the uncompressed file. */
  readonly offset: number | undefined;

  constructor(problem: string, { source, offset, cause }: DataFormatErrorDetails) {
    const where = offset === undefined ? source : `${source}, byte ${offset}`;
    super(`${where}: ${problem}`, cause === undefined ? undefined : { cause });
    this.source = source;
    this.offset = offset;
  }
}
