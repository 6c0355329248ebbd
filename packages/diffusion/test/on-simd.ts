import { useBackend } from '@lab/core';
import { beforeAll } from 'vitest';

/** Runs the tests of this file on the backend that is made for training; tfjs's own takes a minute for each of them. */
export function onSimd(): void {
  beforeAll(async () => {
    await useBackend('simd');
  });
}
