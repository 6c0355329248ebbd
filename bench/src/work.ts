import type { Profile } from '@lab/backend-simd';

/** What a step computes, against what the machine could. */
export interface Work {
  /** Thousand millions of multiplications and additions in a step's products and convolutions, by definition. */
  readonly gflop: number;
  /** GFLOP/s of multiply-adds in registers alone, with the same threads and instructions. */
  readonly peakGflops: number;
  /** GFLOP/s within products and convolutions. */
  readonly productGflops: number;
  /** Shares of the time: products and convolutions, all other kernels, what is outside of kernels. They add up to 1. */
  readonly shares: { readonly products: number; readonly others: number; readonly javascript: number };
}

export function workOf({ ms, runs, kernels, restMs }: Profile, peakGflops: number): Work {
  const counted = kernels.filter(({ operations }) => operations !== undefined);
  const sum = (rows: typeof kernels, of: (row: (typeof kernels)[number]) => number) =>
    rows.reduce((total, row) => total + of(row), 0);
  const productMs = sum(counted, (row) => row.ms);
  const operations = sum(counted, (row) => row.operations ?? 0);
  const others = (sum(kernels, (row) => row.ms) - productMs) / ms;
  return {
    gflop: operations / runs / 1e9,
    peakGflops,
    productGflops: productMs === 0 ? 0 : operations / productMs / 1e6,
    shares: { products: productMs / ms, others, javascript: restMs / ms },
  };
}

/** In words: the rate of a step that takes so long, and what keeps it from the peak. */
export function describeWork({ gflop, peakGflops, productGflops, shares }: Work, stepMs: number): string {
  const rate = (gflop / stepMs) * 1000;
  const percent = (share: number) => `${Math.round(100 * share)}%`;
  return (
    `${gflop.toPrecision(3)} GFLOP a step, convolutions counted as direct ones: ${rate.toFixed(1)} GFLOP/s, ${percent(rate / peakGflops)} of the ` +
    `${peakGflops.toFixed(1)} of multiply-adds in registers alone. Of the time, ${percent(shares.products)} is in ` +
    `products and convolutions (${productGflops.toFixed(1)} GFLOP/s), ${percent(shares.others)} in other kernels, ` +
    `${percent(shares.javascript)} in JavaScript.`
  );
}
