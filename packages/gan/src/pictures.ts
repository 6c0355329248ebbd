/** Pictures, or latents, on the host: `data` in row-major order. */
export interface Pictures {
  readonly data: Float32Array;
  /** `[N, height, width, channels]` for pictures, `[N, latentDim]` for latents. */
  readonly shape: readonly number[];
}
