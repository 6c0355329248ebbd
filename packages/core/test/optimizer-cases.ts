import { readFileSync } from 'node:fs';
import { tf, type Optimizer } from '../src/index.ts';

/** A trace of parameters on the loss sum((p - target)^2) / 2, made by golden/make_golden.py. */
export interface OptimizerCase {
  readonly starts: readonly number[][];
  readonly targets: readonly number[][];
  readonly shapes: readonly number[][];
  /** [step][parameter][element], after the step. */
  readonly trace: readonly number[][][];
}

export function readGolden<Content>(name: string): Content {
  return JSON.parse(readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8')) as Content;
}

export function makeVariables({ starts, shapes }: OptimizerCase): tf.Variable[] {
  return tf.tidy(() => starts.map((start, i) => tf.variable(tf.tensor(start, shapes[i]! as [number]))));
}

/** One update with the exact gradient, p - target. */
export function updateOnce(optimizer: Optimizer, variables: readonly tf.Variable[], { targets }: OptimizerCase): void {
  tf.tidy(() => {
    const gradients = variables.map((variable, i) => {
      const target = tf.tensor(targets[i]!, variable.shape as [number]);
      return [variable.name, tf.sub(variable, target)] as const;
    });
    optimizer.apply(Object.fromEntries(gradients), variables);
  });
}

/** The largest deviation from the trace, relative to 1 + the value. */
export function worstDeviation(optimizer: Optimizer, golden: OptimizerCase): number {
  const variables = makeVariables(golden);
  let worst = 0;
  for (const wanted of golden.trace) {
    updateOnce(optimizer, variables, golden);
    variables.forEach((variable, i) => {
      variable.dataSync().forEach((value, at) => {
        const target = wanted[i]![at]!;
        worst = Math.max(worst, Math.abs(value - target) / (1 + Math.abs(target)));
      });
    });
  }
  tf.dispose(variables);
  return worst;
}
