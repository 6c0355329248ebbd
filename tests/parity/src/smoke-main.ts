// `pnpm --filter @lab/parity smoke [BACKEND [TASK...]]`: the tasks' smoke presets on a backend, or on all, as rows of docs/parity.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BackendName, backendNames } from '@lab/core';
import { refusalOf } from './refusal-of.ts';
import { smoke, smokeTasks } from './smoke.ts';
import { useSoftwareVulkan } from './software-vulkan.ts';

useSoftwareVulkan();

const [wanted, ...named] = process.argv.slice(2) as [BackendName?, ...string[]];
const print = (...cells: string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);

for (const backend of wanted === undefined ? backendNames : [wanted]) {
  const refusal = await refusalOf(backend);
  if (refusal === null) await smokeAll(backend);
  else print(backend, 'all', `skipped: ${refusal}`);
}

async function smokeAll(backend: BackendName): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), `lab-smoke-${backend}-`));
  try {
    for (const task of named.length > 0 ? named : smokeTasks) {
      const { seconds, failure } = await smoke(task, backend, folder);
      print(backend, task, failure?.replaceAll('\n', ' ') ?? `${seconds.toFixed(1)} s`);
      if (failure !== undefined) process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
