import { ConfigError, rejectUnknownOptions, requireInteger, tf } from '@lab/core';
import { combine } from '../process/combine.ts';
import { diffuse } from '../process/diffuse.ts';
import { type NoiseLevel, transitionVariance } from '../process/noise-level.ts';
import { ddpmStep } from '../sampling/ddpm.ts';
import { type Sampler, type StepContext, type StepResult, walk } from '../sampling/sampler.ts';
import { batchHint } from './batch-hint.ts';

/** Pictures of which a part is known. */
export interface Inpainting {
  /** `[B, H, W, C]`; what is outside of the mask doesn't matter. */
  readonly known: tf.Tensor4D;
  /** 1 where it is known, 0 where it is wanted; of the pictures' shape, or one that broadcasts to it. */
  readonly mask: tf.Tensor;
}

/** Options of `repaint`. */
export interface RepaintOptions {
  /**
   * How often each stretch is gone through, r; at least 1. More of them fit the new part better to the known one.
   *
   * @default 5
   */
  readonly resamplings?: number;
  /**
   * Steps in a stretch, j, at least 1.
   *
   * @default 5
   */
  readonly jump?: number;
}

/**
 * Inpainting with a model that was trained for nothing of the kind: after every step the known part is put back, with as much
 * noise as it should have; and every stretch is noised again and gone through anew, so that the two parts come to fit.
 *
 * Lugmayr et al. 2022, "RePaint", Algorithm 1 and section 4.2. The sampler of the steps is `ddpm`.
 *
 * @throws ConfigError for an option out of its range; from the sampler, for pictures of another shape.
 */
export function repaint({ known, mask }: Inpainting, options: RepaintOptions = {}): Sampler {
  rejectUnknownOptions('repaint', options, ['resamplings', 'jump']);
  const resamplings = requireInteger('resamplings', options.resamplings ?? 5, { min: 1 });
  const jump = requireInteger('jump', options.jump ?? 5, { min: 1 });
  return (start) => {
    if (!tf.util.arraysEqual(known.shape, start.xT.shape)) {
      const expected = `[${start.xT.shape.join(', ')}]`;
      const hint = batchHint(known.shape[0]);
      throw new ConfigError({ field: "The known pictures' shape", value: known.shape, expected, hint });
    }
    const path = withJumps(start.path, jump, resamplings);
    return walk({ ...start, path }, (context) =>
      context.to.sigma > context.from.sigma ? noiseAgain(context) : paint({ known, mask }, context),
    );
  };
}

/** Lines 4 to 8: a step for the unknown part, and the known part at the same level. */
function paint({ known, mask }: Inpainting, { state: { xt }, from, to, denoise, drawNoise }: StepContext): StepResult {
  const { x0 } = denoise(xt, from);
  const isLast = to.sigma === 0;
  const unknown = ddpmStep({ xt, x0, noise: isLast ? undefined : drawNoise() }, { from, to });
  const there = isLast ? known : diffuse(known, drawNoise('known'), to);
  return { xt: tf.add(tf.mul(mask, there), tf.mul(tf.sub(1, mask), unknown)), x0 };
}

/** Line 10: a draw of `q(xt | xs)`. */
function noiseAgain({ state: { xt, x0 }, from: s, to: t, drawNoise }: StepContext): StepResult {
  return { xt: combine([t.alpha / s.alpha, xt], [Math.sqrt(transitionVariance(t, s)), drawNoise()]), x0: x0! };
}

/** Every stretch of `jump` levels `resamplings` times: down, up, and down again. The paper's appendix has it as a listing. */
function withJumps(path: readonly NoiseLevel[], jump: number, resamplings: number): NoiseLevel[] {
  const lowest = path.length - 2;
  const left = new Map<number, number>();
  for (let i = lowest; i - jump >= 0; i -= jump) left.set(i, resamplings - 1);
  const levels = [path[0]!];
  for (let i = 0; i < lowest;) {
    i += 1;
    levels.push(path[i]!);
    const again = left.get(i) ?? 0;
    if (again === 0) continue;
    left.set(i, again - 1);
    for (let up = 0; up < jump; up++) levels.push(path[--i]!);
  }
  return [...levels, path.at(-1)!];
}
