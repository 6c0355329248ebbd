/** Readings of about the same confidence. */
export interface CalibrationBin {
  /** Confidences above `from` and up to `to`. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean confidence; NaN if the bin is empty. */
  readonly confidence: number;
  /** Share that was right; NaN if the bin is empty. */
  readonly accuracy: number;
}

/**
 * A reliability diagram's bins, of equal width over the confidence: Guo et al. 2017, "On Calibration of Modern Neural
 * Networks", section 2.
 *
 * @param confidences In [0, 1].
 * @param correct 1 where the reading was right, else 0.
 */
export function calibrationBins(
  confidences: ArrayLike<number>,
  correct: ArrayLike<number>,
  bins = 15,
): CalibrationBin[] {
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, correct: 0 }));
  for (let i = 0; i < confidences.length; i++) {
    const sum = sums[Math.min(bins - 1, Math.max(0, Math.ceil(confidences[i]! * bins) - 1))]!;
    sum.count += 1;
    sum.confidence += confidences[i]!;
    sum.correct += correct[i]!;
  }
  return sums.map(({ count, confidence, correct: right }, i) => ({
    from: i / bins,
    to: (i + 1) / bins,
    count,
    confidence: confidence / count,
    accuracy: right / count,
  }));
}

/** The mean gap between confidence and accuracy over all readings: Guo et al. 2017, equation 3. */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const gaps = bins.filter(({ count }) => count > 0).map((bin) => bin.count * Math.abs(bin.accuracy - bin.confidence));
  return gaps.reduce((sum, gap) => sum + gap, 0) / total;
}
