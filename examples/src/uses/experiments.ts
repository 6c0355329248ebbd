import type { RandomKey } from '@lab/core';
import type { DiffusionModel } from '@lab/diffusion';
import type { Dataset } from '@lab/mnist-data';
import { loadJudge } from '../judge/load-judge.ts';
import { type Blended, blend } from './blending.ts';
import { type Changed, change } from './changing.ts';
import { type Enlarged, superResolve } from './enlarging.ts';
import { type Inpainted, inpaint } from './inpainting.ts';
import { meanPicture } from '../judge/mean-picture.ts';
import { findOddities, type Oddity } from './oddities.ts';
import { readAs } from '../judge/read-as.ts';
import type { UsesSetting } from './settings.ts';
import { firstOfEach, type Subjects } from './subjects.ts';

/** Everything the report shows. */
export interface UsesFindings {
  readonly subjects: Subjects;
  /** The share of the subjects that the judge reads right, as they are. */
  readonly readAsTheyAre: number;
  readonly inpainted: readonly Inpainted[];
  readonly enlarged: readonly Enlarged[];
  readonly changed: readonly Changed[];
  readonly blended: readonly Blended[];
  readonly oddities: readonly Oddity[];
}

/** Puts a model to every use; `tell` hears what is being done. @returns Undefined if it was aborted between two uses. */
export async function putToUse(
  model: DiffusionModel,
  mnist: Dataset,
  setting: UsesSetting,
  {
    key,
    tell,
    signal,
  }: { readonly key: RandomKey; readonly tell: (what: string) => void; readonly signal: AbortSignal },
): Promise<UsesFindings | undefined> {
  const judge = await loadJudge();
  const subjects = firstOfEach(mnist.test, setting.ofEachDigit);
  const options = (name: string) => ({ key: key.child(name), ...setting });
  const next = async <T>(name: string, use: (given: ReturnType<typeof options>) => Promise<T>): Promise<T[]> => {
    if (signal.aborted) return [];
    tell(name);
    return [await use(options(name))];
  };
  const mean = meanPicture(mnist.train);
  const [inpainted] = await next('inpainting', (given) => inpaint(model, judge, subjects, mean, given));
  const [enlarged] = await next('super-resolution', (given) => superResolve(model, judge, subjects, given));
  const [changed] = await next('image to image', (given) => change(model, judge, subjects, given));
  const [blended] = await next('interpolation', (given) => blend(model, judge, given));
  const oddities: Oddity[] = [];
  for (const digit of setting.leftOut) {
    const name = `anomalies: training without the digit ${digit}`;
    oddities.push(...(await next(name, ({ key: own }) => findOddities(mnist, digit, own, setting))));
  }
  if (inpainted === undefined || enlarged === undefined || changed === undefined || blended === undefined) return;
  if (oddities.length < setting.leftOut.length) return;
  const readAsTheyAre = await readAs(judge, subjects.images, subjects.labels);
  return { subjects, readAsTheyAre, inpainted, enlarged, changed, blended, oddities };
}
