import { loadPretrained as loadCgan } from '@lab/cgan';
import { RandomKey, type tf, useBackend } from '@lab/core';
import { loadPretrained, loadPretrainedLatent, sample, sampleLatent } from '@lab/diffusion';
import { conditionalAccuracy, confusion } from '@lab/metrics';
import type { PixelRange } from '@lab/mnist-data';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadJudge } from '../src/judge/load-judge.ts';
import { hostPictures } from '../src/run/host-pictures.ts';

const asked = Array.from({ length: 40 }, (_, i) => i % 10);
const sampling = { steps: 8, guidance: 1.75 };

/** The share that the judge reads as asked. */
async function accuracyOf(drawn: tf.Tensor4D, range: PixelRange = 'signed'): Promise<number> {
  const { probabilities } = await (await loadJudge())(await hostPictures(drawn, range));
  return conditionalAccuracy(confusion(asked, probabilities)).accuracy;
}

describe('the shipped models of digits', () => {
  beforeAll(async () => {
    await useBackend('simd');
  });

  it('draw in one pass what they are asked for', async () => {
    const drawn = (await loadCgan()).sample({ label: asked });
    expect(await accuracyOf(drawn, 'unit')).toBeGreaterThanOrEqual(0.9);
  });

  it('draw in pixels what they are asked for', async () => {
    const drawn = sample(await loadPretrained(), RandomKey.fromSeed(3), asked, sampling);
    expect(await accuracyOf(drawn)).toBeGreaterThanOrEqual(0.9);
  });

  it('draw in latents what they are asked for', async () => {
    const drawn = sampleLatent(await loadPretrainedLatent(), RandomKey.fromSeed(3), asked, sampling);
    expect(await accuracyOf(drawn)).toBeGreaterThanOrEqual(0.9);
  });
});
