// `pnpm --filter @lab/parity measure BACKEND [THREADS]`: how far a backend is from cpu, as rows of docs/parity.md; with `chromium`
// before it, in a page of Chromium's, which for one thread is not cross-origin isolated.
import { type BackendName, useBackend } from '@lab/core';
import { type Errors, errorsOf, modelNames, quantities, reference } from './compare.ts';
import { openPage } from './in-chromium.ts';
import { useSoftwareVulkan } from './software-vulkan.ts';

useSoftwareVulkan();

const isChromium = process.argv[2] === 'chromium';
const [backend = 'simd', threads] = process.argv.slice(isChromium ? 3 : 2) as [BackendName?, string?];
const where = `${isChromium ? 'Chromium, ' : ''}${backend}${threads === undefined ? '' : `, ${threads} thread`}`;
await (isChromium ? measurePage() : measureNode());

async function measurePage(): Promise<void> {
  const page = await openPage(backend, { isolated: threads !== '1' });
  for (const model of modelNames) {
    const { details, errors } = await page.measure(model);
    if (model === modelNames[0]) process.stderr.write(`${JSON.stringify(details)}\n`);
    printRow(model, errors);
  }
  await page.close();
}

async function measureNode(): Promise<void> {
  const { details } = await useBackend(backend, threads === undefined ? {} : { threads: Number(threads) });
  process.stderr.write(`${JSON.stringify(details)}\n`);
  for (const model of modelNames) {
    const expected = await reference(model);
    await useBackend(backend);
    printRow(model, await errorsOf(model, expected));
  }
}

function printRow(model: string, errors: Errors): void {
  const figures = quantities.map((quantity) => errors[quantity].toExponential(1));
  process.stdout.write(`| ${[where, model, ...figures].join(' | ')} |\n`);
}
