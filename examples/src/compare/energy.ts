/**
 * What two busy cores are taken to draw, in watts: a share of a server's processor. Nothing here measures power, so that
 * energies compare runs with each other and say no more than the order of magnitude otherwise.
 */
export const assumedWatts = 20;

/** An estimate, in watt-hours. */
export function wattHours(seconds: number): number {
  return (seconds * assumedWatts) / 3600;
}
