import { RandomKey, useBackend } from '@lab/core';
import { loadPretrained, sample } from '@lab/diffusion';
import { conditionalAccuracy, confusion } from '@lab/metrics';
import { expect, it } from 'vitest';
import { loadJudge } from '../src/judge/load-judge.ts';
import { hostPictures } from '../src/run/host-pictures.ts';

it('the shipped diffusion model draws what it is asked for', async () => {
  await useBackend('simd');
  const asked = Array.from({ length: 40 }, (_, i) => i % 10);
  const drawn = sample(await loadPretrained(), RandomKey.fromSeed(3), asked, { steps: 8, guidance: 1.5 });
  const { probabilities } = await (await loadJudge())(await hostPictures(drawn, 'signed'));
  expect(conditionalAccuracy(confusion(asked, probabilities)).accuracy).toBeGreaterThanOrEqual(0.9);
}, 120_000);
