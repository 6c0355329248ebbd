export { describeBackends } from './describe-backends.ts';
export { expectNoLeak } from './expect-no-leak.ts';
export { expectTensorsClose, type ExpectedTensor, type Tolerance } from './expect-tensors-close.ts';
