// `pnpm --filter @lab/parity measure BACKEND [THREADS]`: how far a backend is from cpu, as rows of docs/parity.md.
import { useBackend, type BackendName } from '@lab/core';
import { errorsOf, modelNames, reference } from './compare.ts';
import { useSoftwareVulkan } from './software-vulkan.ts';

useSoftwareVulkan();

const [backend = 'simd', threads] = process.argv.slice(2) as [BackendName, string?];
const options = threads === undefined ? {} : { threads: Number(threads) };
const { details } = await useBackend(backend, options);
process.stderr.write(`${JSON.stringify(details)}\n`);
for (const model of modelNames) {
  const expected = await reference(model);
  await useBackend(backend);
  const { forward, losses, gradients, adam } = await errorsOf(model, expected);
  const figures = [forward, losses, gradients, adam].map((error) => error.toExponential(1));
  process.stdout.write(`| ${[threads ? `${backend}, ${threads} thread` : backend, model, ...figures].join(' | ')} |\n`);
}
