import { RandomKey, initialiser, tf } from '@lab/core';
import { type Gan, type GanLoss, drawLatents, ganLoss, sampleFrom } from '@lab/gan';
import { type Game, type GameSettings, GanTraining, type SavedTraining } from './gan-training.ts';
import type { Emit } from './messages.ts';
import {
  type Coverage,
  type MixtureName,
  coverage,
  drawPoints,
  halfWidth,
  mixtures,
  pointBatches,
} from './toy-data.ts';

/** What a game in the plane starts with. */
export interface ToySettings extends GameSettings {
  readonly mixture: MixtureName;
  readonly seed: number;
}

/** Everything there is to draw of a moment. Points are x and y in turn. */
export interface ToyView {
  readonly step: number;
  readonly halfWidth: number;
  readonly real: Float32Array;
  readonly fake: Float32Array;
  /** Which way G's loss pulls each sample, and how strongly. */
  readonly pull: Float32Array;
  /** D over the plane, 0 to 1, `side` x `side`, from the top left. */
  readonly heat: Float32Array;
  readonly side: number;
  readonly coverage: Coverage;
}

const latentDim = 8;
const shown = 500;
const side = 48;

/** Trains a GAN on points in the plane. */
export function open(emit: Emit) {
  let training: GanTraining | undefined;
  let lossName: GameSettings['loss'];

  return {
    /** Starts anew, or from what was saved; resolves with what it starts with. */
    async reset({ settings, saved }: { settings: ToySettings; saved: SavedTraining | undefined }) {
      await training?.dispose();
      lossName = settings.loss;
      const game = await toyGame(settings, () => ganLoss(lossName), emit);
      training = new GanTraining(game, settings, emit);
      return training.open(saved);
    },
    change(settings: GameSettings) {
      lossName = settings.loss;
      training?.change(settings);
    },
    start: () => training?.start(),
    pause: () => training?.pause(),
    oneStep: () => training?.oneStep(),
    saved: () => training?.saved,
  };
}

export type ToyRoom = ReturnType<typeof open>;

async function toyGame({ seed, mixture: name }: ToySettings, loss: () => GanLoss, emit: Emit): Promise<Game> {
  const key = RandomKey.fromSeed(seed);
  const mixture = mixtures[name];
  const gan = planeGan(key.child('networks'));
  const drawn = drawLatents(gan, key.child('sheet'), shown);
  const latents = { data: await drawn.data<'float32'>(), shape: drawn.shape };
  drawn.dispose();
  const real = drawPoints(mixture, key.child('sheet'), shown);
  return {
    gan,
    seed,
    beta1: 0.5,
    batches: (startStep, count) => pointBatches(mixture, { seed, startStep, count }),
    async show(step) {
      const view = await look(gan, latents, loss());
      emit('samples', {
        step,
        halfWidth,
        real,
        side,
        coverage: coverage(mixture, view.fake),
        ...view,
      } satisfies ToyView);
    },
  };
}

/** Multilayer perceptrons with two hidden layers; points are pictures of one pixel with two channels. */
function planeGan(key: RandomKey): Gan {
  const hidden = (name: string) => dense(key, name, 128, 'relu');
  const generator = tf.sequential({
    name: 'generator',
    layers: [
      tf.layers.inputLayer({ inputShape: [latentDim] }),
      hidden('generator_hidden1'),
      hidden('generator_hidden2'),
      dense(key, 'generator_points', 2, 'linear'),
      tf.layers.reshape({ name: 'generator_pixel', targetShape: [1, 1, 2] }),
    ],
  });
  const discriminator = tf.sequential({
    name: 'discriminator',
    layers: [
      tf.layers.inputLayer({ inputShape: [1, 1, 2] }),
      tf.layers.flatten({ name: 'discriminator_rows' }),
      hidden('discriminator_hidden1'),
      hidden('discriminator_hidden2'),
      dense(key, 'discriminator_logit', 1, 'linear'),
    ],
  });
  return { generator, discriminator, latentDim, latent: 'normal' };
}

function dense(key: RandomKey, name: string, units: number, activation: 'relu' | 'linear'): tf.layers.Layer {
  return tf.layers.dense({
    name,
    units,
    activation,
    kernelInitializer: initialiser(key.child(name), { kind: 'heNormal' }),
  });
}

async function look(gan: Gan, latents: { data: Float32Array; shape: number[] }, loss: GanLoss) {
  const views = tf.tidy(() => {
    const fake = sampleFrom(gan, latents);
    return [fake, pullOf(gan, loss, fake), heatOf(gan, loss)] as const;
  }) as unknown as tf.Tensor[];
  const [fake, pull, heat] = await Promise.all(views.map((view) => view.data<'float32'>()));
  tf.dispose(views);
  return { fake: fake!, pull: pull!, heat: heat! };
}

/** The negative slope of G's loss at each sample. */
function pullOf({ discriminator }: Gan, loss: GanLoss, fake: tf.Tensor): tf.Tensor {
  const lossAt = (points: tf.Tensor) => {
    const logits = discriminator.apply(points) as tf.Tensor;
    return loss.generator(loss.on === 'probabilities' ? tf.sigmoid(logits) : logits);
  };
  return tf.mul(-shown, tf.grad(lossAt)(fake));
}

/** D(x) over the plane; of a loss on scores, the scores from the least to the most. */
function heatOf({ discriminator }: Gan, loss: GanLoss): tf.Tensor {
  const logits = discriminator.apply(tf.tensor4d(planePoints(), [side * side, 1, 1, 2])) as tf.Tensor;
  if (loss.on !== 'scores') return tf.sigmoid(logits);
  const [least, most] = [tf.min(logits), tf.max(logits)];
  return tf.div(tf.sub(logits, least), tf.add(tf.sub(most, least), 1e-6));
}

/** The middles of the heat map's cells, row by row from the top. */
function planePoints(): Float32Array {
  const at = (i: number) => ((i + 0.5) / side) * 2 * halfWidth - halfWidth;
  return Float32Array.from({ length: 2 * side * side }, (_, i) => {
    const cell = i >> 1;
    return i % 2 === 0 ? at(cell % side) : -at(Math.floor(cell / side));
  });
}
