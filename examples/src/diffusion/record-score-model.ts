// The article's score model with attention to the class, for as many whole epochs as fit, with the loss in its unit:
//   node --disable-warning=ExperimentalWarning examples/src/diffusion/record-score-model.ts [FOLDER] [MINUTES] [SAMPLES]
// keeps weights in FOLDER, and losses, scores and a grid in examples/results/score-model.
import { join } from 'node:path';
import { adam, RandomKey, useBackend } from '@lab/core';
import { writeCheckpoint, writeFileAtomic } from '@lab/core/node';
import { type DiffusionModel, diffusionWeights, sample, trainDiffusion } from '@lab/diffusion';
import { scoreSamples } from '@lab/metrics';
import { endlessBatches, type LabelledImages } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/node';
import { encodePng, imageGrid } from '@lab/viz';
import { loadJudge } from '../judge/load-judge.ts';
import { readRealPictures, scoringKey } from '../judge/real-pictures.ts';
import { writeJson } from '../results/write-result.ts';
import { makeFolder } from '../run/files.ts';
import { thisMachine } from '../run/status.ts';
import { hostPictures } from '../run/host-pictures.ts';
import { settings } from './settings.ts';

const seed = 0;
const pixels = 28 * 28;
const [folder = join('runs', 'score-model'), minutes = '12', samples = '1000'] = process.argv.slice(2);
const { paper } = settings;

interface Epoch {
  readonly epoch: number;
  /** Mean over pictures of the squared error summed over pixels, the article's loss. */
  readonly loss: number;
  readonly seconds: number;
}

/** Whole epochs, until the next would not end in time. */
async function trainInTime(model: DiffusionModel, images: LabelledImages, key: RandomKey): Promise<Epoch[]> {
  const { batch: batchSize } = paper;
  const learningRate = paper.learningRate(paper.steps);
  const epochSteps = Math.floor(images.count / batchSize);
  const batches = endlessBatches(images, { batchSize, seed, range: paper.range, reuseArrays: true });
  const started = performance.now();
  const epochs: Epoch[] = [];
  let sum = 0;
  for await (const { step, loss } of trainDiffusion(model, batches, { optimizer: adam({ learningRate }), key })) {
    sum += loss;
    if (step % epochSteps !== 0) continue;
    const seconds = Math.round((performance.now() - started) / 1000);
    epochs.push({ epoch: step / epochSteps, loss: (pixels * sum) / epochSteps, seconds });
    console.log(JSON.stringify(epochs.at(-1)));
    sum = 0;
    if (seconds * (1 + 1 / epochs.length) > 60 * Number(minutes)) break;
  }
  return epochs;
}

const { name: backend, details } = await useBackend('simd');
const mnist = await loadMnist();
const key = RandomKey.fromSeed(seed);
const model = paper.makeModel(key.child('network'));
const epochs = await trainInTime(model, mnist.train, key.child('training'));
await makeFolder(folder);
await writeCheckpoint(join(folder, 'score-model.safetensors'), await diffusionWeights(model));

const draw = (what: string, labels: readonly number[]) =>
  hostPictures(sample(model, key.child(what), labels, paper.sampling), paper.range);
const digits = Array.from({ length: 100 }, (_, i) => Math.floor(i / 10));
const grid = await draw('grid', digits);
const target = join(import.meta.dirname, '../../results/score-model');
await makeFolder(target);
const png = encodePng(imageGrid(grid, { columns: 10, range: [0, 1], scale: 2 }));
await writeFileAtomic(join(target, 'samples.png'), png);

const judge = await loadJudge();
const { reference } = await readRealPictures(judge, mnist);
const asked = Array.from({ length: Number(samples) }, (_, i) => i % 10);
const started = performance.now();
const pictures = await draw('judged', asked);
const millisecondsAPicture = (performance.now() - started) / asked.length;
const scores = await scoreSamples({ ...(await judge(pictures)), asked }, reference, scoringKey);
const parameters = model.network.countParams();
const about = { seed, batch: paper.batch, parameters, backend: { name: backend, details }, machine: thisMachine() };
await writeJson(join(target, 'summary.json'), { ...about, epochs, samplingSteps: 250, millisecondsAPicture, scores });
console.log(`FD ${scores.frechet.value}, read as asked ${scores.conditional!.accuracy.value}`);
process.exit(0);
