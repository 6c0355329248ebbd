/** 95 seconds as '1 min 35 s', 5 as '5.0 s', 7,500 as '2 h 5 min'. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** 'about 1 min', for estimates. */
export function roughly(seconds: number): string {
  if (seconds < 45) return 'less than a minute';
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min`;
  return `about ${Math.round(seconds / 3600)} h`;
}

/** 100000 as '100,000'. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}
