import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lab, labUntil, sha256, temporaryFolder } from './lab.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

interface Results {
  readonly losses: { step: number; loss: number }[];
  readonly sweeps: { readonly samplers: Record<string, { steps: number; passes: number }[]> };
}

describe('task 2.5', () => {
  const run = (out: string) => ['2.5', '--preset', 'smoke', '--out', join(folder.path, out)];
  const results = (out: string) => JSON.parse(readFileSync(join(folder.path, out, 'results.json'), 'utf8')) as Results;
  const weights = (out: string) => sha256(join(folder.path, out, 'checkpoint.safetensors'));

  it('trains, draws, measures and reports', async () => {
    expect(await lab(run('whole'))).toMatchObject({ code: 0, stderr: '' });
    expect(results('whole').losses.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    // Guided: two passes an evaluation; Heun's last step has one evaluation, its others two.
    expect(results('whole').sweeps.samplers['heun']!.map(({ passes }) => passes)).toEqual([2, 6]);
    const html = readFileSync(join(folder.path, 'whole', 'report.html'), 'utf8');
    for (const heading of ['Any wanted digit', 'From noise to digits', 'Steps against quality', 'Guidance']) {
      expect(html).toContain(heading);
    }
  }, 300_000);

  it('goes on where it was stopped, to the same bits', async () => {
    const stopped = await labUntil(2, (child) => child.kill('SIGINT'), run('stopped'));
    expect(stopped).toMatchObject({ code: 130 });
    expect(await lab(run('stopped'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('unfinished') as string,
    });
    expect(await lab([...run('stopped'), '--resume'])).toMatchObject({ code: 0, stderr: '' });
    expect(weights('stopped')).toBe(weights('whole'));
  }, 300_000);
});

it('draws the digit that is asked for from the shipped weights', async () => {
  const out = join(folder.path, 'threes');
  const draw = (...args: string[]) => lab(['diffusion', '--steps', '2', '--out', out, ...args]);
  expect(await draw('--digit', '3')).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(out).sort()).toEqual(
    ['config.json', 'denoising.gif', 'digits.png', 'report.html', 'report.json'].sort(),
  );
  expect((await draw('--digit', '12', '--overwrite')).stderr).toMatch(/--digit must be .*0.*9/);
}, 120_000);
