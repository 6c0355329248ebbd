// Elements of four bytes taken from one tensor or another, and conversions between types.

import { args, parallelFor } from './pool';

const CHUNK: i32 = 16384;

@unmanaged
class Choice {
  condition: usize = 0;
  a: usize = 0;
  b: usize = 0;
  y: usize = 0;
  count: i32 = 0;
}

/** y = condition ? a : b; `condition` holds bytes. */
export function select(condition: usize, a: usize, b: usize, y: usize, count: i32): void {
  const p = changetype<Choice>(args());
  p.condition = condition;
  p.a = a;
  p.b = b;
  p.y = y;
  p.count = count;
  const task: (chunk: i32) => void = selectChunk;
  parallelFor(task.index, (count + CHUNK - 1) / CHUNK);
}

function selectChunk(chunk: i32): void {
  const p = changetype<Choice>(args());
  const end = <usize>min(p.count, (chunk + 1) * CHUNK);
  for (let i: usize = chunk * CHUNK; i < end; i += 4) {
    const mask = i32x4.ne(fourBytes(p.condition + i), i32x4.splat(0));
    const at = i << 2;
    v128.store(p.y + at, v128.bitselect(v128.load(p.a + at), v128.load(p.b + at), mask));
  }
}

/** Four bytes as integers. */
// @ts-ignore: decorator
@inline
function fourBytes(at: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
}

function convert(task: u32, x: usize, y: usize, count: i32): void {
  const p = changetype<Choice>(args());
  p.a = x;
  p.y = y;
  p.count = count;
  parallelFor(task, (count + CHUNK - 1) / CHUNK);
}

/** Floats of 32-bit integers. */
export function int32ToFloat(x: usize, y: usize, count: i32): void {
  const task: (chunk: i32) => void = int32ToFloatChunk;
  convert(task.index, x, y, count);
}

function int32ToFloatChunk(chunk: i32): void {
  const p = changetype<Choice>(args());
  const end = (<usize>min(p.count, (chunk + 1) * CHUNK)) << 2;
  for (let at: usize = (chunk * CHUNK) << 2; at < end; at += 16) {
    v128.store(p.y + at, f32x4.convert_i32x4_s(v128.load(p.a + at)));
  }
}

/** Floats of bytes. */
export function byteToFloat(x: usize, y: usize, count: i32): void {
  const task: (chunk: i32) => void = byteToFloatChunk;
  convert(task.index, x, y, count);
}

function byteToFloatChunk(chunk: i32): void {
  const p = changetype<Choice>(args());
  const end = <usize>min(p.count, (chunk + 1) * CHUNK);
  for (let i: usize = chunk * CHUNK; i < end; i += 4) v128.store(p.y + (i << 2), f32x4.convert_i32x4_u(fourBytes(p.a + i)));
}

/** 32-bit integers of floats, as JavaScript makes them: without their fraction, modulo 2^32; 0 of what is not finite. */
export function floatToInt32(x: usize, y: usize, count: i32): void {
  const task: (chunk: i32) => void = floatToInt32Chunk;
  convert(task.index, x, y, count);
}

function floatToInt32Chunk(chunk: i32): void {
  const p = changetype<Choice>(args());
  const end = (<usize>min(p.count, (chunk + 1) * CHUNK)) << 2;
  for (let at: usize = (chunk * CHUNK) << 2; at < end; at += 16) {
    const v = v128.load(p.a + at);
    v128.store(p.y + at, i32x4.trunc_sat_f32x4_s(v));
    if (v128.any_true(f32x4.ge(f32x4.abs(v), f32x4.splat(2147483648)))) {
      for (let lane: usize = at; lane < at + 16; lane += 4) store<i32>(p.y + lane, wrapped(load<f32>(p.a + lane)));
    }
  }
}

function wrapped(x: f32): i32 {
  const whole = Math.trunc(<f64>x);
  if (!(whole - whole == 0)) return 0;
  return <i32>(<u32>(whole - 4294967296.0 * Math.floor(whole / 4294967296.0)));
}
