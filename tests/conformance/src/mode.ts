import type { SimdOptions } from '@lab/backend-simd';

/** What the suite is run on. */
export interface Mode {
  readonly backend: 'simd' | 'cpu';
  readonly options: SimdOptions;
}
