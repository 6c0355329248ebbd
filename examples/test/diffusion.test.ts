import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { lab, temporaryFolder } from './lab.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

interface Results {
  readonly losses: { step: number; loss: number }[];
  readonly samplers: Record<string, { steps: number; passes: number; accuracy: number }[]>;
}

it('task 2.5 trains, draws and measures, and goes on where it stood', async () => {
  const out = join(folder.path, '2.5');
  const run = (...args: string[]) => lab(['2.5', '--preset', 'smoke', '--out', out, ...args]);
  const results = () => JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results;

  expect(await run('--steps', '2')).toMatchObject({ code: 0, stderr: '' });
  expect(results().losses.map(({ step }) => step)).toEqual([1, 2]);
  expect(results().samplers['heun']!.map(({ passes }) => passes)).toEqual([1, 3]);
  const html = readFileSync(join(out, 'report.html'), 'utf8');
  for (const heading of ['Any wanted digit', 'From noise to digits', 'Steps against quality', 'Guidance']) {
    expect(html).toContain(heading);
  }

  expect(await run('--steps', '4', '--resume')).toMatchObject({ code: 0, stderr: '' });
  expect(results().losses.map(({ step }) => step)).toEqual([3, 4]);
  expect((await run()).stderr).toMatch(/out must be a folder without a run; --resume/);
}, 300_000);
