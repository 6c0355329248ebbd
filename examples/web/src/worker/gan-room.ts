import { referenceCgan } from '@lab/cgan';
import { RandomKey } from '@lab/core';
import { type Gan, dcgan, drawLatents, referenceMlp, sampleFrom } from '@lab/gan';
import { type Dataset, endlessBatches } from '@lab/mnist-data';
import { type Game, type GameSettings, GanTraining, type SavedTraining } from './gan-training.ts';
import type { Emit } from './messages.ts';
import { mnist } from './mnist.ts';

/** What a training starts with. */
export interface GanSettings extends GameSettings {
  readonly networks: 'mlp' | 'dcgan' | 'conditional';
  readonly seed: number;
}

/** Pictures for the page, in [0, 1]. */
export interface Sheet {
  readonly step: number;
  readonly pixels: Float32Array;
  readonly columns: number;
  readonly rows: number;
}

const columns = 8;

/** Trains a GAN on MNIST, with or without classes. */
export function open(emit: Emit) {
  let training: GanTraining | undefined;

  return {
    /** Starts anew, or from what was saved; resolves with what it starts with. */
    async reset({ settings, saved }: { settings: GanSettings; saved: SavedTraining | undefined }) {
      const data = await mnist(emit);
      await training?.dispose();
      const gan = networks(settings);
      training = new GanTraining(await gameOf(gan, settings, data, emit), settings, emit);
      return training.open(saved);
    },
    change: (settings: GameSettings) => training?.change(settings),
    start: () => training?.start(),
    pause: () => training?.pause(),
    oneStep: () => training?.oneStep(),
    saved: () => training?.saved,
  };
}

export type GanRoom = ReturnType<typeof open>;

function networks({ networks, seed }: GanSettings): Gan {
  const key = RandomKey.fromSeed(seed).child('networks');
  if (networks === 'conditional') return referenceCgan(key);
  return networks === 'dcgan' ? dcgan(key) : referenceMlp(key);
}

async function gameOf(gan: Gan, { seed, networks }: GanSettings, { train }: Dataset, emit: Emit): Promise<Game> {
  const rows = gan.classes ?? columns;
  const latents = await sheetLatents(gan, RandomKey.fromSeed(seed).child('sheet'), rows);
  const classOf = (_: unknown, i: number) => Math.floor(i / columns);
  const labels = gan.classes === undefined ? {} : { labels: Array.from({ length: rows * columns }, classOf) };
  return {
    gan,
    seed,
    beta1: networks === 'dcgan' ? 0.5 : 0.9,
    batches: (startStep: number, count: number) =>
      endlessBatches(train, { batchSize: count, seed, startStep, reuseArrays: true }),
    async show(step: number) {
      const pictures = sampleFrom(gan, latents, labels);
      const pixels = await pictures.data<'float32'>();
      pictures.dispose();
      emit('samples', { step, pixels, columns, rows } satisfies Sheet);
    },
  };
}

/** Always the same, so that one sees the pictures change; with classes, each column has one for all of its rows. */
async function sheetLatents(gan: Gan, key: RandomKey, rows: number) {
  const count = gan.classes === undefined ? rows * columns : columns;
  const drawn = drawLatents(gan, key, count);
  const data = await drawn.data<'float32'>();
  drawn.dispose();
  const repeats = (rows * columns) / count;
  const all = new Float32Array(repeats * data.length);
  for (let i = 0; i < repeats; i++) all.set(data, i * data.length);
  return { data: all, shape: [rows * columns, gan.latentDim] };
}
