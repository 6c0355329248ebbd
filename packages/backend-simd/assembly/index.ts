export { allocate, release } from './heap';
export { fill32, padRows } from './fill';
export { copyStrided } from './strided';
export { initPool, isBroken, lose, quit, work } from './pool';
export { denseInputGrad, denseWeightGrad, matMul } from './matmul';
export { unary } from './unary';
export { binaryFlat, binaryRows } from './binary';
export { byteToFloat, floatToInt32, int32ToFloat, select } from './select';
export { argExtreme } from './arg-extreme';
export { cumulate } from './cumulate';
export { reduce } from './reduce';
export { topK } from './top-k';
export { softmax } from './softmax';
export {
  gather,
  oneHot,
  segmentSum,
  transposeMatrices,
} from './layout';
export { maxPool, maxPoolGrad } from './max-pool';
export { avgPool, avgPoolGrad } from './avg-pool';
export { depthwise, depthwiseFilterGrad, depthwiseInputGrad } from './depthwise';
export { resizeBilinear, resizeBilinearGrad, resizeNearest, resizeNearestGrad } from './resize';
export { denseActivationGrad } from './dense-grad';
export { batchNorm } from './batch-norm';
export { groupNorm } from './group-norm';
export { groupNormGrad } from './group-norm-grad';
export { randomFill } from './random';
export { adam } from './adam';
export { convolve, convolveInputGrad } from './conv';
export { convolveFilterGrad } from './conv-filter-grad';
export { winogradConvolve, winogradInputGrad } from './winograd-conv';
export { winogradFilterGrad } from './winograd-filter-grad';
export { multiplyAddRounds } from './peak';
