import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { lab, labUntil, temporaryFolder } from './lab.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

it('runs every task without being told which, stops in the middle, goes on, and reports on all of them', async () => {
  const out = join(folder.path, 'all');
  const report = () => readFileSync(join(out, 'report.html'), 'utf8');
  const chapters = () => report().match(/class="chapter"><h2>(Task|GAN)[^<]*/g)?.length;

  const stopped = await labUntil(20, (child) => child.kill('SIGINT'), ['--preset', 'smoke', '--out', out]);
  expect(stopped.code).toBe(130);
  expect(stopped.stdout).toContain(`npm run lab -- all --out ${out} --resume`);
  expect(existsSync(join(out, '2.2'))).toBe(false);
  expect(await lab(['all', '--out', out])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('an unfinished run (step 0 of 5)') as string,
  });

  expect(await lab(['all', '--out', out, '--resume'])).toMatchObject({ code: 0, stderr: '' });
  expect(chapters()).toBe(5);
  for (const heading of [
    'What the loss says',
    'Few iterations against many',
    'Success by budget',
    'Any wanted digit',
  ]) {
    expect(report()).toContain(`<h3>${heading}`);
  }
}, 300_000);
