import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { nearestFirst } from '@lab/core';
import { compareEngines, type Row } from './compare-engines.ts';
import { saveResults } from './save-results.ts';
import { describeWork } from './work.ts';
import { type Engine, workloads } from './workloads.ts';

const usage = `usage: npm run bench -- WORKLOAD [options]

workloads
${Object.entries(workloads)
  .map(([name, { summary }]) => `  ${name}  ${summary}`)
  .join('\n')}
  kernels  single operations on simd and on tfjs's wasm and cpu backends, as a Markdown table; takes no options
  launches  kernels that a training step launches on WebGPU, ours and plain tfjs's, as a Markdown table; takes no options

options
  --json      print one JSON line an engine, and nothing else
  --save      write bench/results/WORKLOAD.json too, with the machine, the versions and the commit
  --engine E  only this engine; may be given several times
  --profile   instead, say where the time of a step goes on simd (or on the first --engine), kernel by kernel
  --help      print this

PyTorch and JAX are found through the command in PYTHON [python3]. An engine that isn't here has null for its figures.
`;

function parse() {
  return parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
      engine: { type: 'string', multiple: true },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
}

async function main(): Promise<void> {
  const { values, positionals } = parse();
  if (values.help) return void process.stdout.write(usage);
  const [name = 'gan-b128'] = positionals;
  if (name === 'kernels') {
    const { compareKernels } = await import('./kernels.ts');
    return void process.stdout.write(await compareKernels());
  }
  if (name === 'launches') {
    const { compareLaunches } = await import('./compare-launches.ts');
    return void process.stdout.write(await compareLaunches());
  }
  const workload = workloads[name];
  if (!workload)
    throw new Error(
      `unknown workload '${name}': ${nearestFirst(name, [...Object.keys(workloads), 'kernels', 'launches']).join(', ')}`,
    );
  const unknown = values.engine?.find((engine) => !workload.engines.some((known) => known.name === engine));
  if (unknown) {
    const known = workload.engines.map((engine) => engine.name);
    throw new Error(`unknown engine '${unknown}': ${nearestFirst(unknown, known).join(', ')}`);
  }
  const engines = workload.engines.filter((engine) => values.engine?.includes(engine.name) ?? true);
  if (values.profile) return void (process.exitCode = await printProfile(engines[0]!));
  const report = (text: string) => void (values.json || process.stderr.write(text));
  const rows = await compareEngines(name, engines, report);
  for (const row of rows) process.stdout.write(values.json ? `${JSON.stringify(row)}\n` : `${describe(row)}\n`);
  if (values.save) report(`wrote ${await saveResults(name, rows, engines)}\n`);
}

function describe(row: Row): string {
  if (row.bestMs === null) return `${row.engine.padEnd(24)} not here: ${row.missing}`;
  const ratio = row.ratioToTorch === null ? '' : `  ${row.ratioToTorch.toFixed(2)} x PyTorch`;
  const kernels = row.kernelsPerStep === null ? '' : `  ${row.kernelsPerStep} kernels a step`;
  const [best, median] = [row.bestMs.toFixed(2), row.medianMs?.toFixed(2)];
  const work = row.work ? `\n${' '.repeat(25)}${describeWork(row.work, row.bestMs)}` : '';
  return `${row.engine.padEnd(24)} best ${best.padStart(8)} ms, median ${median?.padStart(8)} ms${ratio}${kernels}${work}`;
}

/** @returns The exit code of the engine, which writes the profile itself. */
async function printProfile({ command, args }: Engine): Promise<number> {
  const child = spawn(command, [...args, '--profile'], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
