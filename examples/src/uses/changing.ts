import type { RandomKey } from '@lab/core';
import { type DiffusionModel, imageToImage, sample } from '@lab/diffusion';
import type { Images } from '@lab/viz';
import { hostPictures } from '../run/host-pictures.ts';
import type { Judge } from '../judge/judge.ts';
import { rootMeanSquare } from './root-mean-square.ts';
import { readAs } from '../judge/read-as.ts';
import { type Subjects, toSigned } from './subjects.ts';

/** Pictures made into those of another digit. */
export interface Changed {
  /** How much of the way into noise was gone; null for digits drawn from nothing, which owe nothing to a picture. */
  readonly strength: number | null;
  /** The share read as the wanted digit. */
  readonly read: number;
  /** Root of the mean squared difference to the picture it was made of. */
  readonly distance: number;
  readonly images: Images;
}

const strengths = [0.2, 0.4, 0.6, 0.8] as const;

/** Makes every digit the next one, 9 a 0, from further and further into noise. */
export async function change(
  model: DiffusionModel,
  judge: Judge,
  { labels, images }: Subjects,
  { key, steps }: { readonly key: RandomKey; readonly steps: number },
): Promise<Changed[]> {
  const wanted = labels.map((label) => (label + 1) % 10);
  const options = { steps, guidance: 2 };
  const results: Changed[] = [];
  const add = async (strength: number | null, found: Images) => {
    const distance = rootMeanSquare(found, images);
    results.push({ strength, read: await readAs(judge, found, wanted), distance, images: found });
  };
  for (const strength of strengths) {
    const pictures = toSigned(images);
    const changed = imageToImage(model, key, { pictures, labels: wanted }, { ...options, strength });
    pictures.dispose();
    await add(strength, await hostPictures(changed, 'signed'));
  }
  await add(null, await hostPictures(sample(model, key.child('anew'), wanted, options), 'signed'));
  return results;
}
