/** A dimension of the result of a broadcast operation, with each operand's stride along it, in elements. */
export interface Dimension {
  readonly size: number;
  readonly strideA: number;
  readonly strideB: number;
}

/**
 * The dimensions of `op(a, b)`, outermost first, with neighbours merged where both operands run through them evenly. The
 * innermost has strides of 0 (one number) or 1 (dense). Shapes must be broadcastable.
 */
export function mergeDimensions(shapeA: readonly number[], shapeB: readonly number[]): Dimension[] {
  const rank = Math.max(shapeA.length, shapeB.length);
  const merged: Dimension[] = [];
  let denseA = 1;
  let denseB = 1;
  for (let i = 1; i <= rank; i++) {
    const sizeA = shapeA[shapeA.length - i] ?? 1;
    const sizeB = shapeB[shapeB.length - i] ?? 1;
    const size = sizeA === 1 ? sizeB : sizeA;
    if (size !== 1) {
      const dimension = { size, strideA: sizeA === 1 ? 0 : denseA, strideB: sizeB === 1 ? 0 : denseB };
      const inner = merged[0];
      if (inner && continues(inner, dimension)) merged[0] = { ...inner, size: inner.size * size };
      else merged.unshift(dimension);
    }
    denseA *= sizeA;
    denseB *= sizeB;
  }
  return merged.length > 0 ? merged : [{ size: 1, strideA: 1, strideB: 1 }];
}

/** Whether `outer` goes on where `inner` ends, in both operands. */
function continues(inner: Dimension, outer: Dimension): boolean {
  return outer.strideA === inner.strideA * inner.size && outer.strideB === inner.strideB * inner.size;
}
