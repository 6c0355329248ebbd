import { classifier, trainClassifier } from '@lab/adversarial';
import { referenceCgan } from '@lab/cgan';
import { type Optimizer, RandomKey, tf } from '@lab/core';
import { noiseSchedule, trainDiffusion, unet, variancePreserving } from '@lab/diffusion';
import { dcgan, type Gan, logistic, referenceMlp, trainGan } from '@lab/gan';

/** One of the lab's models, small, with what it is shown: the same on every backend. */
export interface Model {
  readonly networks: readonly tf.LayersModel[];
  /** Tensors that the networks make of fixed inputs. */
  readonly forward: () => readonly tf.Tensor[];
  /**
   * One step of the lab's own training. It waits for what it reads: WebGPU on a software adapter can't be read at once in Chromium.
   *
   * @returns The losses.
   */
  readonly step: (optimizer: () => Optimizer) => Promise<readonly number[]>;
}

const BATCH = 4;
const LABELS = [3, 1, 4, 1];
const key = RandomKey.fromSeed(7);

/** Drawn on the host, since each backend rounds the logarithms of a normal number its own way. */
const draw = (name: string, shape: readonly number[]) =>
  key.child(name).uniformArray(tf.util.sizeFromShape([...shape]), -1, 1);
const shape = [BATCH, 28, 28, 1] as const;
const batch = { data: draw('pictures', shape), shape, labels: LABELS };
const pictures = () => tf.tensor4d(batch.data, [...shape]);
const oneHot = () => tf.oneHot(tf.tensor1d(LABELS, 'int32'), 10);

function ofGan(gan: Gan, isConditional = false): Model {
  const label = () => (isConditional ? [oneHot()] : []);
  const latents = () => tf.tensor(draw('latents', [BATCH, gan.latentDim]), [BATCH, gan.latentDim]);
  const given = (x: tf.Tensor) => (isConditional ? [x, ...label()] : x);
  return {
    networks: [gan.generator, gan.discriminator],
    forward: () => [
      gan.generator.apply(given(latents())) as tf.Tensor,
      gan.discriminator.apply(given(pictures())) as tf.Tensor,
    ],
    step: async (optimizer) => {
      const optimizers = { dOptimizer: optimizer(), gOptimizer: optimizer() };
      const { dLoss, gLoss } = await onlyStep(trainGan(gan, [batch], { key, loss: logistic, ...optimizers }));
      return [dLoss, gLoss];
    },
  };
}

/** Of a training on one batch. */
async function onlyStep<Progress>(training: AsyncGenerator<Progress, void>): Promise<Progress> {
  for await (const progress of training) return progress;
  throw new Error('the training made no step');
}

export const models: Readonly<Record<string, () => Model>> = {
  'GAN, fully connected': () => ofGan(referenceMlp(key.child('mlp'), { hidden: 32 })),
  DCGAN: () => ofGan(dcgan(key.child('dcgan'), { width: 4 })),
  'conditional GAN': () => ofGan(referenceCgan(key.child('cgan'), { hidden: 32 }), true),
  classifier: () => {
    const network = classifier({ key: key.child('classifier') });
    return {
      networks: [network],
      forward: () => [network.apply(pictures()) as tf.Tensor],
      step: async (optimizer) => [(await onlyStep(trainClassifier(network, [batch], { optimizer: optimizer() }))).loss],
    };
  },
  'U-Net': () => {
    const network = unet({ key: key.child('unet'), widths: [8, 8], groups: 4, embedding: 16 });
    const formulation = variancePreserving({ schedule: noiseSchedule() });
    const model = { network, formulation, classes: 10, hasNullClass: false };
    const times = () => tf.tensor1d([1, 250, 500, 999]);
    return {
      networks: [network],
      forward: () => [network.apply([pictures(), times(), tf.tensor1d(LABELS)]) as tf.Tensor],
      step: async (optimizer) => [
        (await onlyStep(trainDiffusion(model, [batch], { key, optimizer: optimizer() }))).loss,
      ],
    };
  },
};
