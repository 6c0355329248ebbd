import { backendNames, useBackend } from '@lab/core';
import { describeBackends } from '@lab/core/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { errorsOf, modelNames, quantities, reference, toleranceOf, type Errors } from '../src/compare.ts';
import { useSoftwareVulkan } from '../src/software-vulkan.ts';

useSoftwareVulkan();

function describeModels(backend: string, use: () => Promise<unknown>): void {
  describe.each(modelNames)('%s', (model) => {
    let errors: Errors;

    beforeAll(async () => {
      const expected = await reference(model);
      await use();
      errors = await errorsOf(model, expected);
    }, 600_000);

    it.each(quantities)('%s as on cpu', (quantity) => {
      expect(errors[quantity]).toBeLessThanOrEqual(toleranceOf(quantity, backend));
    });
  });
}

describeBackends(
  'what cpu makes of a model',
  (backend) => describeModels(backend, () => useBackend(backend)),
  backendNames.filter((name) => name !== 'cpu'),
);
