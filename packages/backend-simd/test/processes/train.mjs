// Finds eight slopes by gradient descent on `simd`, as its users have it, and says what it found: by a message in a worker
// thread, by a line in a process. Arguments: threads, steps.
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { configureSimd, simdInfo } from '@lab/backend-simd';

const [threads, steps] = isMainThread ? process.argv.slice(2).map(Number) : workerData;

configureSimd({ threads });
await tf.setBackend('simd');
const x = tf.randomUniform([4096, 8], -1, 1, 'float32', 1);
const y = tf.matMul(x, tf.fill([8, 1], 3));
let slopes = tf.zeros([8, 1]);
for (let step = 0; step < steps; step++) {
  slopes = tf.tidy(() => {
    const error = tf.sub(tf.matMul(x, slopes), y);
    return tf.sub(slopes, tf.mul(tf.matMul(x, error, true), 1 / 4096));
  });
}
const report = { threads: simdInfo().threads, slopes: Array.from(slopes.dataSync()) };
if (isMainThread) console.log(JSON.stringify(report));
else parentPort.postMessage(report);
