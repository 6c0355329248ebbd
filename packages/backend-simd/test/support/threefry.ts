const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];

/** One block of Threefry-2x32 with 20 rounds (Salmon et al. 2011), written as the paper has it. */
export function threefry2x32(key: readonly [number, number], counter: readonly [number, number]): [number, number] {
  const words = [key[0], key[1], 0x1bd11bda ^ key[0] ^ key[1]] as const;
  let [x0, x1] = [counter[0] + words[0], counter[1] + words[1]];
  for (let round = 0; round < 20; round++) {
    x0 = (x0 + x1) | 0;
    const r = ROTATIONS[round % 8] as number;
    x1 = ((x1 << r) | (x1 >>> (32 - r))) ^ x0;
    if (round % 4 !== 3) continue;
    const group = (round + 1) / 4;
    x0 = (x0 + (words[group % 3] as number)) | 0;
    x1 = (x1 + (words[(group + 1) % 3] as number) + group) | 0;
  }
  return [x0 >>> 0, x1 >>> 0];
}

/** The first words of ceil(count / 2) blocks, then the second words, without the last if count is odd. */
export function threefryBits(key: readonly [number, number], count: number): Uint32Array {
  const half = Math.ceil(count / 2);
  const bits = new Uint32Array(2 * half);
  for (let block = 0; block < half; block++) {
    [bits[block], bits[half + block]] = threefry2x32(key, [block, 0]);
  }
  return bits.subarray(0, count);
}
