import type { backend_util } from '@tensorflow/tfjs-core';
import type { SimdBackend } from './backend.ts';

/**
 * Writes how windows lie to where kernels read it (`Window` of assembly/window.ts, and `Convolution` of convolution.ts, which
 * goes on with the output's channels), and returns the address.
 */
export function writeWindow(backend: SimdBackend, info: Omit<backend_util.Conv2DInfo, 'inShape' | 'outShape'>): number {
  const { memory, table } = backend.runtime;
  const words = [
    ...[info.batchSize, info.inHeight, info.inWidth, info.inChannels, info.outHeight, info.outWidth],
    ...[info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth],
    ...[info.dilationHeight, info.dilationWidth, info.padInfo.top, info.padInfo.left, info.outChannels],
  ];
  new Int32Array(memory.buffer, table, words.length).set(words);
  return table;
}
