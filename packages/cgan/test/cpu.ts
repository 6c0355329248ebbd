import '@tensorflow/tfjs-backend-cpu';
import { tf } from '@lab/core';
import { beforeAll } from 'vitest';

/** Runs the tests of this file on tfjs's own backend, which every machine has. */
export function onCpu(): void {
  beforeAll(() => tf.setBackend('cpu'));
}
