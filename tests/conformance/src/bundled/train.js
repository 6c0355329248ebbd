// Trains a small network on a backend and returns its losses.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { configureSimd, simdInfo } from '@lab/backend-simd';

async function train(backend) {
  await tf.setBackend(backend);
  const x = tf.randomUniform([128, 200], -1, 1, 'float32', 1);
  const y = tf.sigmoid(tf.sum(tf.slice(x, [0, 0], [128, 20]), 1, true));
  const shapes = [[200, 64], [64], [64, 1], [1]];
  const variables = shapes.map((shape, i) => tf.variable(tf.randomNormal(shape, 0, 0.1, 'float32', i + 2)));
  const losses = [];
  for (let step = 0; step < 10; step++) {
    const loss = tf.tidy(() => {
      const [w1, b1, w2, b2] = variables;
      const { value, grads } = tf.variableGrads(() => {
        const hidden = tf.fused.matMul({ a: x, b: w1, bias: b1, activation: 'relu' });
        const out = tf.fused.matMul({ a: hidden, b: w2, bias: b2, activation: 'sigmoid' });
        return tf.mean(tf.squaredDifference(out, y));
      });
      for (const variable of variables) variable.assign(tf.sub(variable, tf.mul(grads[variable.name], 0.5)));
      return value.dataSync()[0];
    });
    losses.push(loss);
  }
  return losses;
}

export async function compare() {
  // Two also on a machine with one core; where memory can't be shared it is one all the same.
  configureSimd({ threads: 2 });
  return { simd: await train('simd'), info: simdInfo(), cpu: await train('cpu') };
}
