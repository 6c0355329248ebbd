import type { NoiseLevel } from './noise-level.ts';
import type { PredictionType } from './prediction.ts';

/**
 * Min-SNR-gamma: the squared error of the picture counts `min(SNR, gamma)`, SNR = alpha^2 / sigma^2. Here what that makes of
 * the squared error of each prediction (Hang et al. 2023, section 3.4): of the noise, SNR times smaller; of v, SNR + 1 times.
 */
export function predictionWeight({ alpha, sigma }: NoiseLevel, prediction: PredictionType, gamma: number): number {
  const snr = (alpha / sigma) ** 2;
  const ofPicture = Math.min(snr, gamma);
  if (prediction === 'x0') return ofPicture;
  // Without a picture its share is SNR / SNR.
  if (prediction === 'epsilon') return snr === 0 ? 1 : ofPicture / snr;
  return ofPicture / (snr + 1);
}
