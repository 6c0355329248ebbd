// The most that this machine can multiply and add: what the products of a program are measured against.

import { madd, splat } from './math';
import { args, parallelFor } from './pool';

@unmanaged
class Peak {
  rounds: i32 = 0;
  result: f32 = 0; // keeps the arithmetic from being removed
}

/** On all threads: each chunk makes `rounds` rounds of 24 multiply-adds of four lanes, from and to registers. */
export function multiplyAddRounds(chunks: i32, rounds: i32): void {
  changetype<Peak>(args()).rounds = rounds;
  const task: (chunk: i32) => void = peakChunk;
  parallelFor(task.index, chunks);
}

function peakChunk(chunk: i32): void {
  const p = changetype<Peak>(args());
  const x = splat(0.5), y = splat(1);
  // Twelve chains, so that none waits for its own last result. All converge to 2.
  let s0 = splat(<f32>chunk), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0;
  let t0 = y, t1 = y, t2 = y, t3 = y, t4 = y, t5 = y;
  for (let round = p.rounds; round > 0; round--) {
    s0 = madd(s0, x, y); s1 = madd(s1, x, y); s2 = madd(s2, x, y);
    s3 = madd(s3, x, y); s4 = madd(s4, x, y); s5 = madd(s5, x, y);
    t0 = madd(t0, x, y); t1 = madd(t1, x, y); t2 = madd(t2, x, y);
    t3 = madd(t3, x, y); t4 = madd(t4, x, y); t5 = madd(t5, x, y);
    s0 = madd(s0, x, y); s1 = madd(s1, x, y); s2 = madd(s2, x, y);
    s3 = madd(s3, x, y); s4 = madd(s4, x, y); s5 = madd(s5, x, y);
    t0 = madd(t0, x, y); t1 = madd(t1, x, y); t2 = madd(t2, x, y);
    t3 = madd(t3, x, y); t4 = madd(t4, x, y); t5 = madd(t5, x, y);
  }
  const s = f32x4.add(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)), f32x4.add(s4, s5));
  const t = f32x4.add(f32x4.add(f32x4.add(t0, t1), f32x4.add(t2, t3)), f32x4.add(t4, t5));
  p.result = f32x4.extract_lane(f32x4.add(s, t), 0);
}
