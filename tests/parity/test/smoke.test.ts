import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeBackends } from '@lab/core/testing';
import { afterAll, expect, it } from 'vitest';
import { smoke } from '../src/smoke.ts';
import { useSoftwareVulkan } from '../src/software-vulkan.ts';

useSoftwareVulkan();

const folder = mkdtempSync(join(tmpdir(), 'lab-smoke-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeBackends('the smoke preset', (backend) => {
  // Software WebGPU compiles the kernels of the smallest task for half a minute.
  it.skipIf(backend === 'webgpu')(
    'of the task gan',
    async () => expect((await smoke('gan', backend, join(folder, backend))).failure).toBeUndefined(),
    600_000,
  );

  it.skip(`of every task: \`pnpm --filter @lab/parity smoke ${backend}\``, () => {});
});
