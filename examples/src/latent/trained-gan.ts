import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, RandomKey } from '@lab/core';
import { readCheckpoint } from '@lab/core/node';
import { type Gan, restoreGenerator, restoreWeights } from '@lab/gan';
import { generatorFile, runFiles } from '../run/files.ts';
import { networksNamed } from '../run/networks.ts';
import { readConfig } from '../run/record.ts';

/** A GAN whose training has ended. */
export interface TrainedGan {
  readonly gan: Gan;
  /** For the reader: which networks, of which run. */
  readonly name: string;
  /** Whether D is trained, too, or only G's weights were kept. */
  readonly hasDiscriminator: boolean;
}

/**
 * The networks of a run of `gan`, of one loss of 2.1 or 2.2, or of 2.3: both from its checkpoint, or G from what `results` has kept of it.
 *
 * @throws ConfigError if the folder holds neither, CheckpointError and StorageError for what can't be read.
 */
export async function readTrainedGan(folder: string): Promise<TrainedGan> {
  const { networks, loss, seed, steps } = await readConfig(folder);
  const gan = networksNamed(networks, RandomKey.fromSeed(0));
  const name = `${networks}, ${loss} loss, seed ${seed}, ${steps} steps`;
  const checkpoint = join(folder, runFiles.checkpoint);
  if (existsSync(checkpoint)) {
    const { tensors } = await readCheckpoint(checkpoint);
    const ofNetworks = Object.entries(tensors).filter(([key]) => /^(generator|discriminator)\//.test(key));
    restoreWeights(gan, Object.fromEntries(ofNetworks), checkpoint);
    return { gan, name, hasDiscriminator: true };
  }
  const generator = join(folder, generatorFile(steps));
  if (!existsSync(generator)) {
    const expected = 'the folder of a run that was trained to its end: npm run lab -- 2.3 --preset lab makes one';
    throw new ConfigError({ field: 'RUN', value: folder, expected });
  }
  restoreGenerator(gan, (await readCheckpoint(generator)).tensors, generator);
  return { gan, name, hasDiscriminator: false };
}
