/** `kept` of the numbers from 0 to `count - 1`, evenly spaced: files are often sorted by class. */
export function evenly(kept: number, count: number): number[] {
  return Array.from({ length: kept }, (_, i) => Math.floor((i * count) / kept));
}
