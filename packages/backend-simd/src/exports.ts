/** Pictures to resize, tables of rows and columns, and the sizes before and after. */
type ResizeKernel = (
  from: number,
  to: number,
  rows: number,
  columns: number,
  batch: number,
  height: number,
  width: number,
  outHeight: number,
  outWidth: number,
  channels: number,
) => void;

/** What assembly/index.ts exports. Addresses, sizes and strides are in bytes unless the kernel's comment says otherwise. */
export interface WasmKernels {
  allocate(bytes: number): number;
  release(address: number): void;
  fill32(address: number, count: number, value: number): void;
  initPool(threads: number, ownerMayWait: boolean): number;
  work(control: number, thread: number): void;
  lose(): void;
  isBroken(): number;
  quit(): void;
  matMul(
    a: number,
    b: number,
    c: number,
    bias: number,
    batch: number,
    m: number,
    n: number,
    k: number,
    transposeA: number,
    transposeB: number,
    strideA: number,
    strideB: number,
    activation: number,
  ): void;
  convolve(geometry: number, x: number, filter: number, y: number, bias: number, activation: number): void;
  convolveInputGrad(geometry: number, dy: number, filter: number, dx: number): void;
  convolveFilterGrad(geometry: number, x: number, dy: number, dFilter: number): void;
  winogradConvolve(geometry: number, x: number, filter: number, y: number, bias: number, activation: number): void;
  winogradInputGrad(geometry: number, dy: number, filter: number, dx: number): void;
  winogradFilterGrad(geometry: number, x: number, dy: number, dFilter: number): void;
  unary(op: number, x: number, y: number, count: number, alpha: number, beta: number): void;
  binaryFlat(op: number, a: number, b: number, y: number, count: number, stepA: number, stepB: number): void;
  binaryRows(
    op: number,
    a: number,
    b: number,
    y: number,
    rows: number,
    inner: number,
    stepA: number,
    stepB: number,
    rank: number,
    outer: number,
  ): void;
  select(condition: number, a: number, b: number, y: number, count: number): void;
  reduce(op: number, x: number, y: number, outer: number, length: number, inner: number): void;
  argExtreme(largest: number, x: number, y: number, outer: number, length: number, inner: number): void;
  topK(x: number, values: number, indices: number, rows: number, length: number, k: number): void;
  cumulate(
    product: number,
    x: number,
    y: number,
    outer: number,
    length: number,
    inner: number,
    exclusive: number,
    reverse: number,
  ): void;
  softmax(x: number, y: number, rows: number, length: number, logarithm: number): void;
  padRows(from: number, to: number, rows: number, before: number, inner: number, after: number, value: number): void;
  copyStrided(from: number, to: number, run: number, rank: number, axes: number): void;
  transposeMatrices(x: number, y: number, batch: number, rows: number, columns: number): void;
  gather(x: number, indices: number, y: number, outer: number, count: number, limit: number, rowBytes: number): number;
  segmentSum(x: number, segmentOf: number, y: number, count: number, segments: number, inner: number): void;
  oneHot(indices: number, y: number, count: number, depth: number, on: number, off: number): void;
  int32ToFloat(x: number, y: number, count: number): void;
  floatToInt32(x: number, y: number, count: number): void;
  byteToFloat(x: number, y: number, count: number): void;
  maxPool(x: number, y: number, window: number): void;
  maxPoolGrad(x: number, dy: number, dx: number, window: number): void;
  avgPool(x: number, y: number, window: number): void;
  avgPoolGrad(dy: number, dx: number, window: number): void;
  depthwise(x: number, filter: number, bias: number, y: number, window: number): void;
  depthwiseInputGrad(dy: number, filter: number, dx: number, window: number): void;
  depthwiseFilterGrad(x: number, dy: number, dFilter: number, window: number): void;
  resizeNearest: ResizeKernel;
  resizeNearestGrad: ResizeKernel;
  resizeBilinear: ResizeKernel;
  resizeBilinearGrad: ResizeKernel;
  denseWeightGrad(
    x: number,
    second: number,
    dSum: number,
    dKernel: number,
    dBias: number,
    rows: number,
    k: number,
    n: number,
  ): void;
  denseInputGrad(
    dSum: number,
    kernel: number,
    y: number,
    dx: number,
    rows: number,
    k: number,
    n: number,
    activation: number,
  ): void;
  denseActivationGrad(
    activation: number,
    y: number,
    dy: number,
    dSum: number,
    dBias: number,
    rows: number,
    columns: number,
  ): void;
  batchNorm(
    x: number,
    mean: number,
    variance: number,
    offset: number,
    scale: number,
    y: number,
    rows: number,
    channels: number,
    epsilon: number,
  ): void;
  groupNorm(
    x: number,
    gamma: number,
    beta: number,
    shift: number,
    y: number,
    mean: number,
    rstd: number,
    batch: number,
    pixels: number,
    channels: number,
    groups: number,
    epsilon: number,
    silu: number,
  ): void;
  groupNormGrad(
    dy: number,
    x: number,
    gamma: number,
    beta: number,
    shift: number,
    mean: number,
    rstd: number,
    dx: number,
    dgamma: number,
    dbeta: number,
    dshift: number,
    batch: number,
    pixels: number,
    channels: number,
    groups: number,
    silu: number,
  ): void;
  randomFill(y: number, count: number, key0: number, key1: number, offset: number, scale: number, normal: number): void;
  adam(
    variables: number,
    count: number,
    beta1: number,
    beta2: number,
    rate: number,
    correction: number,
    epsilon: number,
  ): void;
  multiplyAddRounds(chunks: number, rounds: number): void;
}
