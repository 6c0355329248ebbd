import { useBackend } from '@lab/core';
import { expect, it } from 'vitest';
import { errorsOf, modelNames, quantities, reference, toleranceOf } from '../src/compare.ts';

// In a file, and so a process, of its own: simd keeps the threads that it was started with.
it.each(modelNames)(
  'simd on one thread makes of the %s what cpu does',
  async (model) => {
    const expected = await reference(model);
    expect((await useBackend('simd', { threads: 1 })).details).toMatchObject({ threads: 1 });
    const errors = await errorsOf(model, expected);
    for (const quantity of quantities) {
      expect(errors[quantity], quantity).toBeLessThanOrEqual(toleranceOf(quantity, 'simd'));
    }
  },
  600_000,
);
