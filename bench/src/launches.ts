// `node src/launches.ts gan|unet ours|plain BATCH [DRIVER]`: how many kernels one training step launches on WebGPU, as a line of
// JSON. Ours is the step of gan-ours.ts or unet-ours.ts; plain is the same step by tfjs alone: its layers, tape and Adam, and its
// own kernels. By default it needs no GPU: with its driver `null`, Dawn takes and checks every call, and computes nothing
// (plain tfjs's U-Net fits its 512 MB up to batch 16). Another, such as `vulkan`, computes too; the count is the same.

import { adam, RandomKey, tf, useBackend } from '@lab/core';
import { denoisingLoss, trainableVariables, unet } from '@lab/diffusion';
import { losses, referenceMlp, trainStep } from '@lab/gan';
import { create, globals } from 'webgpu';

const [model = 'gan', mode = 'ours', size = '2', driver = 'null'] = process.argv.slice(2);
const batchSize = Number(size);
const key = RandomKey.fromSeed(0);

/** Made by our kernels where there are any; without them what is ours computes by tfjs's. */
const ourKernels = ['FusedAdamInPlace', 'GroupNorm', 'GroupNormGrad'];

let launches = 0;

function countLaunches(): void {
  const { GPUComputePassEncoder } = globalThis as unknown as {
    GPUComputePassEncoder: { prototype: Record<string, (...args: unknown[]) => unknown> };
  };
  const original = GPUComputePassEncoder.prototype['dispatchWorkgroups']!;
  GPUComputePassEncoder.prototype['dispatchWorkgroups'] = function (...args) {
    launches += 1;
    return original.apply(this, args);
  };
}

/** What Dawn refused: a launch that it did not take is none. */
function watchFaults(): string[] {
  const faults: string[] = [];
  const { device } = tf.backend() as unknown as { device: EventTarget };
  device.addEventListener('uncapturederror', (event) =>
    faults.push((event as unknown as { error: Error }).error.message),
  );
  return faults;
}

type Variables = readonly tf.Variable[];

function updaterOf(variables: Variables): (grads: tf.NamedTensorMap) => void {
  const plain = tf.train.adam(1e-3);
  const ours = adam({ learningRate: 1e-3 });
  return (grads) =>
    mode === 'plain' ? plain.applyGradients(grads as never) : ours.apply(grads, variables as tf.Variable[]);
}

function ganStep(): () => void {
  const gan = referenceMlp(key.child('weights'));
  const real = key.child('real').uniform([batchSize, 28, 28, 1]);
  if (mode === 'ours') {
    const options = { loss: losses.logistic, dOptimizer: adam(), gOptimizer: adam(), metrics: false } as const;
    return () => trainStep(gan, real, key.child('latents'), options);
  }
  const { generator, discriminator } = gan;
  const weightsOf = (network: tf.LayersModel) => network.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const [updateD, updateG] = [updaterOf(weightsOf(discriminator)), updaterOf(weightsOf(generator))];
  const judge = (x: tf.Tensor) => discriminator.apply(x, { training: true }) as tf.Tensor;
  const draw = () => generator.apply(tf.randomNormal([batchSize, 100]), { training: true }) as tf.Tensor;
  const mean = (x: tf.Tensor) => tf.mean(x) as tf.Scalar;
  return () => {
    const fake = draw();
    const dLoss = () => tf.add<tf.Scalar>(mean(tf.softplus(tf.neg(judge(real)))), mean(tf.softplus(judge(fake))));
    updateD(tf.variableGrads(dLoss, weightsOf(discriminator)).grads);
    const gLoss = () => mean(tf.softplus(tf.neg(judge(draw()))));
    updateG(tf.variableGrads(gLoss, weightsOf(generator)).grads);
  };
}

function unetStep(): () => void {
  const diffusion = { network: unet({ key: key.child('weights') }), classes: 10 };
  const draw = (name: string) => key.child(name).normal<tf.Rank.R4>([batchSize, 28, 28, 1]);
  const each = Array.from({ length: batchSize }, (_, k) => k);
  const t = tf.tensor1d(each.map((k) => (k * 991) % 1000));
  const batch = { input: draw('images'), target: draw('noise'), t, labels: each.map((k) => k % 11) };
  const variables = trainableVariables(diffusion);
  const update = updaterOf(variables);
  return () => update(tf.variableGrads(() => denoisingLoss(diffusion, batch), variables).grads);
}

Object.assign(globalThis, globals);
Object.defineProperty(globalThis.navigator, 'gpu', { value: create([`backend=${driver}`]), configurable: true });
await useBackend('webgpu');
const faults = watchFaults();
if (mode === 'plain') for (const name of ourKernels) tf.unregisterKernel(name, 'webgpu');
countLaunches();
const step = model === 'gan' ? ganStep() : unetStep();
tf.tidy(step);
launches = 0;
tf.tidy(step);
const counted = launches;
// Dawn must not be torn down under work of its own.
await tf.tidy(() => tf.mul(tf.ones([64, 64]), 2)).data();
if (faults.length > 0) throw new Error(faults[0]);
process.stdout.write(`${JSON.stringify({ model, mode, batchSize, launches: counted })}\n`);
