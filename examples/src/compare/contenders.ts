import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPretrained as loadCgan, referenceCgan } from '@lab/cgan';
import { RandomKey, tf } from '@lab/core';
import { readCheckpoint } from '@lab/core/node';
import { loadPretrained as loadDiffusion, loadPretrainedLatent, sample, type SampleOptions } from '@lab/diffusion';
import { drawLatents, type Gan, referenceMlp, restoreGenerator, sampleFrom } from '@lab/gan';
import { passesOf, shippedSampling } from '../diffusion/shipped-sampling.ts';
import { latentContender } from '../latent-diffusion/latent-contender.ts';
import { generatorFile } from '../run/files.ts';
import { toUnit } from '../run/host-pictures.ts';
import { readJson } from '../run/read-files.ts';
import { type ResultSummary, summaryFile } from '../results/write-result.ts';

/** One of the models that are compared. */
export interface Contender {
  readonly name: string;
  /** Weights that drawing takes. */
  readonly parameters: number;
  /** Passes of the network that a picture takes. */
  readonly passes: number;
  /** What its training took on the machine that made the weights. */
  readonly trainingSeconds: number;
  /** Whether it draws what it is asked for. */
  readonly isConditional: boolean;
  /** Pictures `[asked.length, 28, 28, 1]` in [0, 1]; the caller disposes of them. */
  readonly draw: (asked: readonly number[], key: RandomKey) => tf.Tensor4D;
}

const results = fileURLToPath(new URL('../../results', import.meta.url));

/**
 * The lab's models, as they are shipped with the packages or kept among the results.
 *
 * @param sampling How those that diffuse draw.
 */
export async function contenders(sampling: SampleOptions = shippedSampling): Promise<readonly Contender[]> {
  const key = RandomKey.fromSeed(0);
  return [
    await recordedGan('GAN, 100k steps', 'logistic-lab-seed0', referenceMlp(key)),
    await recordedGan('cGAN of the reference, 100k steps', 'cgan-lab-seed0', referenceCgan(key)),
    await shippedCgan(),
    await shippedDiffusion(sampling),
    await shippedLatent(sampling),
  ];
}

/** Of a result's last snapshot. */
async function recordedGan(name: string, result: string, gan: Gan): Promise<Contender> {
  const folder = join(results, result);
  const { step, seconds } = (await readJson<ResultSummary>(join(folder, summaryFile)))!;
  const file = generatorFile(step);
  restoreGenerator(gan, (await readCheckpoint(join(folder, file))).tensors, file);
  return ganContender(name, gan, seconds);
}

async function shippedCgan(): Promise<Contender> {
  const seconds = await loggedSeconds('@lab/cgan/weights/digits-training.jsonl');
  return ganContender('cGAN, convolutional, shipped', await loadCgan(), seconds);
}

function ganContender(name: string, gan: Gan, trainingSeconds: number): Contender {
  const isConditional = gan.classes !== undefined;
  return {
    name,
    parameters: gan.generator.countParams(),
    passes: 1,
    trainingSeconds,
    isConditional,
    draw: (asked, key) =>
      tf.tidy(() => {
        const latents = drawLatents(gan, key, asked.length);
        return sampleFrom(gan, latents, isConditional ? { labels: asked } : {});
      }),
  };
}

/** The model in pixels that comes with `@lab/diffusion`. */
export async function shippedDiffusion(sampling: SampleOptions): Promise<Contender> {
  const model = await loadDiffusion();
  return {
    name: 'diffusion, in pixels',
    parameters: model.network.countParams(),
    passes: passesOf(sampling),
    trainingSeconds: await loggedSeconds('@lab/diffusion/weights/digits-training.jsonl'),
    isConditional: true,
    draw: (asked, key) => tf.tidy(() => toUnit(sample(model, key, asked, sampling), 'signed')),
  };
}

/** The model in latents that comes with `@lab/diffusion`. */
async function shippedLatent(sampling: SampleOptions): Promise<Contender> {
  const seconds = await loggedSeconds('@lab/diffusion/weights/latent-training.jsonl');
  return latentContender({ model: await loadPretrainedLatent(), seconds }, sampling);
}

/** The seconds in a training's log that a package ships; of all trainings, where it counts from 0 again. */
async function loggedSeconds(specifier: string): Promise<number> {
  const text = await readFile(fileURLToPath(import.meta.resolve(specifier)), 'utf8');
  const rows = text
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { seconds?: number }).seconds)
    .filter((seconds) => seconds !== undefined);
  return rows.reduce((sum, seconds, i) => sum + (seconds <= (rows[i + 1] ?? -1) ? 0 : seconds), 0);
}
