import type { Images } from '@lab/viz';

/** How much a sample counts that is `distance` pixels away: Keys 1981, "Cubic convolution interpolation", equation 15. */
function keysKernel(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

/** A hat: what linear interpolation is. */
function hat(distance: number): number {
  return Math.max(0, 1 - Math.abs(distance));
}

const kernels = { bilinear: hat, bicubic: keysKernel } as const;

/** Ways of making pictures larger that know nothing of them. */
export type Interpolation = keyof typeof kernels;

/** Pictures `[N, h, w, 1]` in [0, 1], `factor` times as large, held in [0, 1]. Pixels are areas; beyond the edge is more of it. */
export function enlarge({ data, shape }: Images, factor: number, interpolation: Interpolation): Images {
  const [count, height, width] = shape as [number, number, number];
  const rows = weightsOf(height, factor, kernels[interpolation]);
  const columns = weightsOf(width, factor, kernels[interpolation]);
  const large = new Float32Array(data.length * factor ** 2);
  let at = 0;
  for (let n = 0; n < count; n++) {
    for (const row of rows) {
      for (const column of columns) {
        let sum = 0;
        for (const [y, a] of row) for (const [x, b] of column) sum += a * b * data[(n * height + y) * width + x]!;
        large[at++] = Math.min(1, Math.max(0, sum));
      }
    }
  }
  return { data: large, shape: [count, height * factor, width * factor, 1] };
}

/** For every large pixel the small ones that it is made of, and their weights. */
function weightsOf(size: number, factor: number, kernel: (distance: number) => number): [number, number][][] {
  return Array.from({ length: size * factor }, (_, large) => {
    const place = (large + 0.5) / factor - 0.5;
    const first = Math.floor(place) - 1;
    return [0, 1, 2, 3].map((i) => {
      const small = first + i;
      return [Math.min(size - 1, Math.max(0, small)), kernel(place - small)];
    });
  });
}
