export { allocate, release, fill32 } from './heap';
export { initPool, work, quit } from './pool';
export { matMul } from './matmul';
export { unary } from './unary';
export { binaryFlat, binaryRows, compareFlat, select } from './binary';
export { reduce } from './reduce';
export { softmax } from './softmax';
export {
  byteToFloat,
  copyRows,
  gather,
  int32ToFloat,
  oneHot,
  permute,
  segmentSum,
  transposeMatrices,
} from './layout';
export { denseActivationGrad } from './dense-grad';
export { randomFill } from './random';
export { adam } from './adam';
