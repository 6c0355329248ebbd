import { describe, expect, it } from 'vitest';
import { countLaunches } from '../src/compare-launches.ts';

/** Dawn needs no GPU to count, but is compiled for some machines only. */
const hasDawn = await import('webgpu').then(
  () => true,
  () => false,
);

describe.skipIf(!hasDawn)(
  'a training step on webgpu launches at most half of the kernels of plain tfjs (skipped without Dawn)',
  () => {
    it('of the GAN at batch 128', async () => {
      const [ours, plain] = [await countLaunches('gan', 'ours', 128), await countLaunches('gan', 'plain', 128)];
      expect(ours).toBeGreaterThan(10);
      expect(ours).toBeLessThanOrEqual(plain / 2);
    });

    // Plain tfjs's step at batch 64 needs more memory than Dawn pretends to have without a GPU. Neither count depends on the batch.
    it('of the U-Net at batch 64, by what plain tfjs launches at any batch', async () => {
      const ours = await countLaunches('unet', 'ours', 64);
      const [few, many] = [await countLaunches('unet', 'plain', 4), await countLaunches('unet', 'plain', 16)];
      expect(few).toBe(many);
      expect(ours).toBeGreaterThan(100);
      expect(ours).toBeLessThanOrEqual(many / 2);
    });
  },
);
