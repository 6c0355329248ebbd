/** Pictures on the host: `data` in row-major order. */
export interface Pictures {
  readonly data: Float32Array;
  /** `[N, height, width, channels]` */
  readonly shape: readonly number[];
}
