// Functions of two tensors, element by element, with broadcasting.
//
// The caller has merged neighbouring dimensions as far as the operands' strides allow. What is left is either flat (one
// dimension, where each operand is dense or a single number) or rows: an inner dimension of stride 0 or 1, and outer
// dimensions with any strides, up to OUTER of them.

import { splat } from './math';
import { storeUpTo } from './lanes';
import { Binary, Compare } from './ops';
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
  rank: i32 = 0;
  outer: usize = 0; // rank triples (size, stride of a, stride of b), the innermost first
}

/** y = op(a, b) for `count` floats; an operand of step 0 is one number. */
export function binaryFlat(op: i32, a: usize, b: usize, y: usize, count: i32, stepA: i32, stepB: i32): void {
  const p = changetype<Zip>(args());
  p.a = a;
  p.b = b;
  p.y = y;
  p.op = op;
  p.count = count;
  p.stepA = stepA;
  p.stepB = stepB;
  const task: (chunk: i32) => void = flatChunk;
  parallelFor(task.index, (count + CHUNK - 1) / CHUNK);
}

function flatChunk(chunk: i32): void {
  const p = changetype<Zip>(args());
  const first = chunk * CHUNK;
  const offset = (<usize>first) << 2;
  const length = min(CHUNK, p.count - first);
  run(p.op, p.a + offset * p.stepA, p.b + offset * p.stepB, p.y + offset, (length + 3) & ~3, p.stepA, p.stepB);
}

/** y = op(a, b), row by row; `outer` is the address of `rank` triples (size, stride of a, stride of b) in elements. */
export function binaryRows(
  op: i32, a: usize, b: usize, y: usize, rows: i32, inner: i32, stepA: i32, stepB: i32, rank: i32, outer: usize,
): void {
  const p = changetype<Zip>(args());
  p.a = a;
  p.b = b;
  p.y = y;
  p.op = op;
  p.count = rows;
  p.inner = inner;
  p.stepA = stepA;
  p.stepB = stepB;
  p.rank = rank;
  p.outer = outer;
  p.chunk = max(1, CHUNK / max(1, inner));
  const task: (chunk: i32) => void = rowsChunk;
  parallelFor(task.index, (rows + p.chunk - 1) / p.chunk);
}

function rowsChunk(chunk: i32): void {
  const p = changetype<Zip>(args());
  const end = min(p.count, (chunk + 1) * p.chunk);
  for (let row = chunk * p.chunk; row < end; row++) {
    let a = p.a;
    let b = p.b;
    let rest = row;
    for (let d = 0; d < p.rank; d++) {
      const triple = p.outer + <usize>d * 12;
      const size = load<i32>(triple);
      const index = rest % size;
      rest /= size;
      a += (<usize>index * load<i32>(triple, 4)) << 2;
      b += (<usize>index * load<i32>(triple, 8)) << 2;
    }
    run(p.op, a, b, p.y + ((<usize>row * p.inner) << 2), p.inner, p.stepA, p.stepB);
  }
}

function run(op: i32, a: usize, b: usize, y: usize, count: i32, stepA: i32, stepB: i32): void {
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

/** y = op(a, b) as bytes 0 and 1, for `count` floats; an operand of step 0 is one number. */
export function compareFlat(op: i32, a: usize, b: usize, y: usize, count: i32, stepA: i32, stepB: i32): void {
  for (let i = 0; i < count; i += 16) {
    const low = i16x8.narrow_i32x4_s(compare4(op, a, b, stepA, stepB, i), compare4(op, a, b, stepA, stepB, i + 4));
    const high = i16x8.narrow_i32x4_s(compare4(op, a, b, stepA, stepB, i + 8), compare4(op, a, b, stepA, stepB, i + 12));
    v128.store(y + i, v128.and(i8x16.narrow_i16x8_s(low, high), i8x16.splat(1)));
  }
}

function compare4(op: i32, a: usize, b: usize, stepA: i32, stepB: i32, i: i32): v128 {
  const x = stepA == 1 ? v128.load(a + ((<usize>i) << 2)) : v128.load_splat<f32>(a);
  const y = stepB == 1 ? v128.load(b + ((<usize>i) << 2)) : v128.load_splat<f32>(b);
  if (op == Compare.Equal) return f32x4.eq(x, y);
  if (op == Compare.NotEqual) return f32x4.ne(x, y);
  if (op == Compare.Greater) return f32x4.gt(x, y);
  if (op == Compare.GreaterEqual) return f32x4.ge(x, y);
  if (op == Compare.Less) return f32x4.lt(x, y);
  return f32x4.le(x, y);
}

/** y = condition ? a : b; `condition` holds bytes. */
export function select(condition: usize, a: usize, b: usize, y: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i += 4) {
    const bytes = v128.load32_zero(condition + i);
    const mask = i32x4.ne(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)), i32x4.splat(0));
    const at = i << 2;
    v128.store(y + at, v128.bitselect(v128.load(a + at), v128.load(b + at), mask));
  }
}
