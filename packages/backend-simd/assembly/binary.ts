// Functions of two tensors, element by element, with broadcasting.
//
// The caller has merged neighbouring dimensions as far as the operands' strides allow. What is left is either flat (one
// dimension, where each operand is dense or a single number) or rows: an inner dimension of stride 0 or 1, and outer
// dimensions with any strides, up to OUTER of them.

import { compareRun, logicalRun } from './compare';
import { storeUpTo } from './lanes';
import { splat } from './math';
import { Binary } from './ops';
import { args, parallelFor } from './pool';

const CHUNK: i32 = 16384;
const OUTER: i32 = 6;

@unmanaged
class Zip {
  a: usize = 0;
  b: usize = 0;
  y: usize = 0;
  op: i32 = 0;
  count: i32 = 0; // flat: elements; rows: rows
  stepA: i32 = 0; // 0 or 1, of the inner dimension
  stepB: i32 = 0;
  inner: i32 = 0;
  chunk: i32 = 0; // flat: elements of a chunk; rows: rows
  inShift: i32 = 0; // logarithm of the bytes of an operand's element
  outShift: i32 = 0;
  rank: i32 = 0;
  outer: usize = 0; // rank triples (size, stride of a, stride of b), the innermost first
}

function prepare(op: i32, a: usize, b: usize, y: usize, count: i32, stepA: i32, stepB: i32): Zip {
  const p = changetype<Zip>(args());
  p.a = a;
  p.b = b;
  p.y = y;
  p.op = op;
  p.count = count;
  p.stepA = stepA;
  p.stepB = stepB;
  p.inShift = op >= Binary.And ? 0 : 2;
  p.outShift = op >= Binary.Equal ? 0 : 2;
  return p;
}

/** y = op(a, b) for `count` elements; an operand of step 0 is one number. */
export function binaryFlat(op: i32, a: usize, b: usize, y: usize, count: i32, stepA: i32, stepB: i32): void {
  prepare(op, a, b, y, count, stepA, stepB);
  const task: (chunk: i32) => void = flatChunk;
  parallelFor(task.index, (count + CHUNK - 1) / CHUNK);
}

function flatChunk(chunk: i32): void {
  const p = changetype<Zip>(args());
  const first = chunk * CHUNK;
  const offset = (<usize>first) << p.inShift;
  const length = min(CHUNK, p.count - first);
  const y = p.y + ((<usize>first) << p.outShift);
  run(p.op, p.a + offset * p.stepA, p.b + offset * p.stepB, y, (length + 3) & ~3, p.stepA, p.stepB);
}

/** y = op(a, b), row by row; `outer` is the address of `rank` triples (size, stride of a, stride of b) in elements. */
export function binaryRows(
  op: i32, a: usize, b: usize, y: usize, rows: i32, inner: i32, stepA: i32, stepB: i32, rank: i32, outer: usize,
): void {
  const p = prepare(op, a, b, y, rows, stepA, stepB);
  p.inner = inner;
  p.rank = rank;
  p.outer = outer;
  p.chunk = max(1, CHUNK / max(1, inner));
  const task: (chunk: i32) => void = rowsChunk;
  parallelFor(task.index, (rows + p.chunk - 1) / p.chunk);
}

function rowsChunk(chunk: i32): void {
  const p = changetype<Zip>(args());
  const end = min(p.count, (chunk + 1) * p.chunk);
  const size = load<i32>(p.outer);
  const strideA = (<usize>load<i32>(p.outer, 4)) << p.inShift;
  const strideB = (<usize>load<i32>(p.outer, 8)) << p.inShift;
  let y = p.y + ((<usize>(chunk * p.chunk) * p.inner) << p.outShift);
  for (let row = chunk * p.chunk; row < end; ) {
    const skipped = row % size;
    const count = min(size - skipped, end - row);
    let a = p.a + <usize>skipped * strideA;
    let b = p.b + <usize>skipped * strideB;
    let rest = row / size;
    for (let d = 1; d < p.rank; d++) {
      const triple = p.outer + <usize>d * 12;
      const index = rest % load<i32>(triple);
      rest /= load<i32>(triple);
      a += (<usize>index * load<i32>(triple, 4)) << p.inShift;
      b += (<usize>index * load<i32>(triple, 8)) << p.inShift;
    }
    for (let i = 0; i < count; i++) {
      run(p.op, a, b, y, p.inner, p.stepA, p.stepB);
      a += strideA;
      b += strideB;
      y += (<usize>p.inner) << p.outShift;
    }
    row += count;
  }
}

function run(op: i32, a: usize, b: usize, y: usize, count: i32, stepA: i32, stepB: i32): void {
  if (op >= Binary.And) return logicalRun(op, a, b, y, count, stepA, stepB);
  if (op >= Binary.Equal) return compareRun(op, a, b, y, count, stepA, stepB);
  switch (op) {
    case Binary.Add: return zip(Binary.Add, a, b, y, count, stepA, stepB);
    case Binary.Sub: return zip(Binary.Sub, a, b, y, count, stepA, stepB);
    case Binary.Multiply: return zip(Binary.Multiply, a, b, y, count, stepA, stepB);
    case Binary.RealDiv: return zip(Binary.RealDiv, a, b, y, count, stepA, stepB);
    case Binary.Maximum: return zip(Binary.Maximum, a, b, y, count, stepA, stepB);
    case Binary.Minimum: return zip(Binary.Minimum, a, b, y, count, stepA, stepB);
    case Binary.SquaredDifference: return zip(Binary.SquaredDifference, a, b, y, count, stepA, stepB);
    case Binary.Prelu: return zip(Binary.Prelu, a, b, y, count, stepA, stepB);
    case Binary.EluGrad: return zip(Binary.EluGrad, a, b, y, count, stepA, stepB);
    default: unreachable();
  }
}

// @ts-ignore: decorator
@inline
function zip(op: i32, a: usize, b: usize, y: usize, count: i32, stepA: i32, stepB: i32): void {
  const one = v128.load_splat<f32>(a);
  const other = v128.load_splat<f32>(b);
  const end = y + ((<usize>(count & ~3)) << 2);
  if (stepA == 1 && stepB == 1) {
    while (y < end) {
      v128.store(y, apply(op, v128.load(a), v128.load(b)));
      a += 16;
      b += 16;
      y += 16;
    }
  } else if (stepA == 1) {
    while (y < end) {
      v128.store(y, apply(op, v128.load(a), other));
      a += 16;
      y += 16;
    }
  } else {
    while (y < end) {
      v128.store(y, apply(op, one, stepB == 1 ? v128.load(b) : other));
      b += 16 * stepB;
      y += 16;
    }
  }
  const rest = count & 3;
  if (rest > 0) storeUpTo(y, apply(op, stepA == 1 ? v128.load(a) : one, stepB == 1 ? v128.load(b) : other), rest);
}

// @ts-ignore: decorator
@inline
function apply(op: i32, a: v128, b: v128): v128 {
  if (op == Binary.Add) return f32x4.add(a, b);
  if (op == Binary.Sub) return f32x4.sub(a, b);
  if (op == Binary.Multiply) return f32x4.mul(a, b);
  if (op == Binary.RealDiv) return f32x4.div(a, b);
  if (op == Binary.Maximum) return f32x4.max(a, b);
  if (op == Binary.Minimum) return f32x4.min(a, b);
  if (op == Binary.SquaredDifference) {
    const d = f32x4.sub(a, b);
    return f32x4.mul(d, d);
  }
  if (op == Binary.Prelu) return v128.bitselect(f32x4.mul(a, b), a, f32x4.lt(a, splat(0)));
  // EluGrad(dy, y)
  return v128.bitselect(a, f32x4.mul(a, f32x4.add(b, splat(1))), f32x4.ge(b, splat(0)));
}
