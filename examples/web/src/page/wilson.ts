/** The share of successes, and the interval that holds the true one in 95 of 100 cases: Wilson 1927. */
export function wilson(successes: number, trials: number): { share: number; low: number; high: number } {
  const z = 1.96;
  const share = successes / trials;
  const centre = (share + z ** 2 / (2 * trials)) / (1 + z ** 2 / trials);
  const spread = (z / (1 + z ** 2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2));
  return { share, low: Math.max(0, centre - spread), high: Math.min(1, centre + spread) };
}
