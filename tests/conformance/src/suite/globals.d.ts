import type { Mode } from '../mode.ts';
import type { Report } from '../outcome.ts';

declare global {
  /** Set before the bundle is loaded. */
  var mode: Mode;
  /** Set by the bundle. */
  var report: Promise<Report>;
}
