import { tf } from '@lab/core';
import { describeTrial, difference } from './difference.ts';
import { Draw } from './draw.ts';
import { elementwise } from './operations/elementwise.ts';
import { layout } from './operations/layout.ts';
import { products } from './operations/products.ts';
import { reducing } from './operations/reductions.ts';
import { windows } from './operations/windows.ts';
import { differentiate, onCpu, read } from './oracle.ts';
import { type Content, Source } from './source.ts';
import type { Operation, Trial } from './trial.ts';

/** What has been compared. */
export interface Counts {
  operations: number;
  derivatives: number;
}

const CONTENTS: readonly Content[] = ['real', 'real', 'real', 'integer', 'integer', 'special'];
/** Products skip the padding on cpu and multiply it by 0 here, which differs where an operand is infinite. */
const forSpecial = [...elementwise, ...layout];
const kinds: readonly (readonly Operation[])[] = [elementwise, layout, reducing, products, windows];
const MOST_KEPT = 1000;

/**
 * Draws a sequence of operations and runs it on `simd`; each of them is run on `cpu` as well, on copies of the operands
 * that it had here, so that errors don't add up.
 *
 * @throws Error that says how to run this sequence alone, for the first difference, and for tensors left behind
 */
export async function runSequence(seed: number, counts: Counts): Promise<void> {
  const draw = new Draw(seed);
  const source = new Source(draw, draw.pick(CONTENTS));
  await tf.setBackend('simd');
  const before = tf.engine().backend.numDataIds();
  const length = draw.integer(4, 14);
  tf.engine().startScope();
  try {
    for (let step = 0; step < length; step++) await runStep(source, counts, `sequence ${seed}, step ${step}`);
  } finally {
    tf.engine().endScope();
  }
  const left = tf.engine().backend.numDataIds() - before;
  if (left !== 0) throw new Error(`sequence ${seed}: ${left} tensors are left behind`);
}

async function runStep(source: Source, counts: Counts, where: string): Promise<void> {
  const { draw, content } = source;
  const trial = draw.pick(content === 'special' ? forSpecial : draw.pick(kinds))(source);
  const derive = trial.gradients && content !== 'special' && draw.chance(0.4);
  try {
    const [result, ...derivatives] = await compare(trial, derive, source);
    counts.operations += 1;
    counts.derivatives += derivatives.length;
    if (content === 'special' || isTame(result)) source.keep(result);
  } catch (cause) {
    throw new Error(`${where}: ${describeTrial(trial)}: ${(cause as Error).message}`, { cause });
  }
}

/** Whether errors of what is computed from it can be told from its magnitude. */
function isTame(result: tf.Tensor): boolean {
  return Array.from(result.dataSync()).every((x) => Math.abs(x) <= MOST_KEPT);
}

/** The result of a trial on `simd` and its derivatives, if they are wanted. Throws if cpu has others. */
async function compare(trial: Trial, derive: boolean, source: Source): Promise<[tf.Tensor, ...tf.Tensor[]]> {
  const result = trial.run(...trial.inputs);
  const dy = derive ? source.tensor(result.shape) : undefined;
  const derivatives = dy ? differentiate(trial, dy) : [];
  const { results: expected, scale } = await onCpu(trial, dy);
  [result, ...derivatives].forEach((tensor, i) => {
    const what = difference(read(tensor), expected[i]!, scale(i));
    if (what) throw new Error(i > 0 ? `derivative ${i}: ${what}` : what);
  });
  return [result, ...derivatives];
}
