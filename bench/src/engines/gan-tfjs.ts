// gan-b128 as a plain tfjs program has it: layers, variableGrads and tfjs's own Adam. Arguments: the package that brings
// the backend, and the backend's name.

import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { serveWindows } from '../window-server.ts';

const WARM_UP = 20;

const [backendPackage = '@tensorflow/tfjs-backend-wasm', backend = 'wasm'] = process.argv.slice(2);
createRequire(import.meta.url)(backendPackage);
await tf.setBackend(backend);

const { dense } = layers.layers;
const generator = layers.sequential({
  layers: [dense({ inputShape: [100], units: 128, activation: 'relu' }), dense({ units: 784, activation: 'sigmoid' })],
});
const discriminator = layers.sequential({
  layers: [dense({ inputShape: [784], units: 128, activation: 'relu' }), dense({ units: 1 })],
});
const weightsOf = (model: layers.LayersModel) => model.trainableWeights.map((w) => w.read() as tf.Variable);
const dAdam = tf.train.adam(1e-3);
const gAdam = tf.train.adam(1e-3);
const real = tf.randomUniform<tf.Rank.R2>([128, 784]);
const drawLatents = () => tf.randomNormal<tf.Rank.R2>([128, 100]);
const judge = (x: tf.Tensor) => discriminator.apply(x, { training: true }) as tf.Tensor;
const draw = (z: tf.Tensor) => generator.apply(z, { training: true }) as tf.Tensor;
const mean = (x: tf.Tensor) => tf.mean(x) as tf.Scalar;

// tfjs's types ask for variables where gradients are meant.
function applyGradients(optimizer: tf.Optimizer, gradients: tf.NamedTensorMap): void {
  optimizer.applyGradients(gradients as Record<string, tf.Variable>);
}

function step(): void {
  tf.tidy(() => {
    const fake = draw(drawLatents());
    const dLoss = () => tf.add<tf.Scalar>(mean(tf.softplus(tf.neg(judge(real)))), mean(tf.softplus(judge(fake))));
    applyGradients(dAdam, tf.variableGrads(dLoss, weightsOf(discriminator)).grads);
    const z = drawLatents();
    const gLoss = () => mean(tf.softplus(tf.neg(judge(draw(z)))));
    applyGradients(gAdam, tf.variableGrads(gLoss, weightsOf(generator)).grads);
  });
}

for (let i = 0; i < WARM_UP; i++) step();
const { kernels } = await tf.profile(step);
const weight = weightsOf(generator)[0]!;
await serveWindows(step, () => weight.data(), {
  kernelsPerStep: kernels.length,
  versions: { 'tfjs-core': tf.version_core },
});
