/** The backends that the numerical tests run on: tfjs's own, which is the oracle, and the one made for training. */
export const trainingBackends = ['cpu', 'simd'] as const;
