import { join } from 'node:path';
import { readCheckpoint, writeFileAtomic } from '@lab/core/node';
import { restoreGenerator } from '@lab/gan';
import type { Rows } from '@lab/metrics';
import { encodePng, imageGrid } from '@lab/viz';
import { judgedSamples, type Scorer, type SnapshotScores } from '../results/snapshot-scores.ts';
import { generatorFile } from '../run/files.ts';
import { beginCure, type CureRun, disposeTreatment, marksOf } from './train-cure.ts';
import { cures } from './cures.ts';

const gridCount = 64;

/** The scores of a run's generators; a grid of the last one's first samples goes to `gridPath`. */
export async function scoreCure(run: CureRun, scorer: Scorer, gridPath: string): Promise<SnapshotScores[]> {
  const treatment = beginCure(run);
  const scores: SnapshotScores[] = [];
  let pictures: Rows | undefined;
  for (const step of marksOf(cures[run.name])) {
    const file = join(run.folder, generatorFile(step));
    restoreGenerator(treatment.gan, (await readCheckpoint(file)).tensors, file);
    const samples = await judgedSamples(treatment.gan, scorer.count);
    ({ pictures } = samples);
    scores.push({ step, ...(await scorer.score(samples)) });
  }
  disposeTreatment(treatment);
  const first = { data: pictures!.data.slice(0, gridCount * 784) as Float32Array, shape: [gridCount, 28, 28, 1] };
  await writeFileAtomic(gridPath, encodePng(imageGrid(first)));
  return scores;
}
