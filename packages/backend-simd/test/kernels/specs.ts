import { binarySpecs } from './binary-specs.ts';
import { convSpecs } from './conv-specs.ts';
import type { KernelSpec } from './kernel-spec.ts';
import { copyingSpecs } from './copying-specs.ts';
import { denseSpecs } from './dense-specs.ts';
import { depthwiseSpecs } from './depthwise-specs.ts';
import { layoutSpecs } from './layout-specs.ts';
import { matMulSpecs } from './mat-mul-specs.ts';
import { normalisationSpecs } from './normalisation-specs.ts';
import { poolingSpecs } from './pooling-specs.ts';
import { reduceSpecs } from './reduce-specs.ts';
import { resizeSpecs } from './resize-specs.ts';
import { scanningSpecs } from './scanning-specs.ts';
import { trainingSpecs } from './training-specs.ts';
import { unarySpecs } from './unary-specs.ts';

/** What is tested of every kernel of ours, by the kernel's name. */
export const specs: Readonly<Record<string, KernelSpec>> = {
  ...matMulSpecs,
  ...convSpecs,
  ...unarySpecs,
  ...binarySpecs,
  ...reduceSpecs,
  ...copyingSpecs,
  ...denseSpecs,
  ...depthwiseSpecs,
  ...layoutSpecs,
  ...normalisationSpecs,
  ...poolingSpecs,
  ...resizeSpecs,
  ...scanningSpecs,
  ...trainingSpecs,
};
