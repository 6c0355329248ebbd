import type { BackendName } from '@lab/core';
import { executablePath } from '@lab/chromium';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelNames, quantities, toleranceOf } from '../src/compare.ts';
import { type Chromium, openPage } from '../src/in-chromium.ts';

const title = 'what cpu makes of a model, in Chromium';
const patience = 600_000;

if (!executablePath) describe(title, () => it.skip('there is no Chromium here', () => {}));
else {
  describe(title, () => {
    describeModels('on simd, the page cross-origin isolated', 'simd', { isolated: true, threads: 2 });
    describeModels('on simd, the page not isolated', 'simd', { isolated: false, threads: 1 });
    describeModels('on webgpu', 'webgpu', { isolated: false });
  });
}

/** Software WebGPU compiles a kernel in about a second: the models with convolutions take minutes. */
const everyModel = process.env['LAB_EVERY_MODEL_ON_WEBGPU'] === '1';

function describeModels(where: string, backend: BackendName, { isolated, ...details }: Expected): void {
  describe(where, () => {
    let page: Chromium;
    let refusal: string | null;

    beforeAll(async () => {
      page = await openPage(backend, { isolated });
      refusal = await page.refusal();
    }, patience);
    afterAll(() => page?.close());

    for (const model of modelNames) {
      const isLeftOut = backend === 'webgpu' && model !== modelNames[0] && !everyModel;
      it.skipIf(isLeftOut)(
        isLeftOut ? `${model} (skipped unless LAB_EVERY_MODEL_ON_WEBGPU=1)` : model,
        async ({ skip }) => {
          if (refusal !== null) return skip(refusal);
          const measured = await page.measure(model);
          expect(measured.details).toMatchObject(details);
          for (const quantity of quantities) {
            expect(measured.errors[quantity], quantity).toBeLessThanOrEqual(toleranceOf(quantity, backend));
          }
        },
        patience,
      );
    }
  });
}

interface Expected {
  readonly isolated: boolean;
  readonly threads?: number;
}
