// A page that draws with a diffusion model of its own, on simd.
import { RandomKey, useBackend } from '@lab/core';
import { noiseSchedule, sample, unet, variancePreserving } from '@lab/diffusion';

async function draw() {
  const { name } = await useBackend('simd');
  const key = RandomKey.fromSeed(7);
  const network = unet({ key: key.child('network'), widths: [8, 8, 8], groups: 4 });
  const formulation = variancePreserving({ schedule: noiseSchedule() });
  const model = { network, formulation, classes: 10, hasNullClass: true };
  const drawn = sample(model, key.child('samples'), [3], { steps: 2, guidance: 2 });
  const values = await drawn.data();
  return { backend: name, shape: drawn.shape, finite: values.every(Number.isFinite) };
}

globalThis.drawn = draw();
