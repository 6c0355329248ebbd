import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { lab, temporaryFolder } from './lab.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

it('task 2.4-defence trains, attacks both classifiers, and has nothing left to do after that', async () => {
  const out = join(folder.path, 'defence');
  expect(await lab(['2.4-defence', '--preset', 'smoke', '--backend', 'simd', '--out', out])).toMatchObject({
    code: 0,
    stderr: '',
  });
  const read = (name: string) => JSON.parse(readFileSync(join(out, name), 'utf8')) as Record<string, unknown>;
  expect(read('config.json')).toMatchObject({ format: 1, task: '2.4-defence', preset: 'smoke', seed: 0, steps: 6 });
  expect(read('status.json')).toMatchObject({ state: 'finished', step: 6 });
  const { plain, defended, readings } = read('results.json') as {
    plain: { white: { count: number; clean: number; robust: number; attacks: { tried: number; fooled: number }[] } };
    defended: { sweep: number[] };
    readings: { step: number }[];
  };
  expect(readings.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(plain.white).toMatchObject({ count: 6, robust: 0 });
  expect(plain.white.clean).toBeGreaterThan(0.9);
  expect(plain.white.attacks.reduce((sum, { fooled }) => sum + fooled, 0)).toBe(plain.white.clean * 6);
  expect(defended.sweep).toHaveLength(5);
  const html = readFileSync(join(out, 'report.html'), 'utf8');
  for (const heading of ['Under attack at L-inf 0.3', 'By budget']) expect(html).toContain(heading);

  const again = await lab(['2.4-defence', '--out', out, '--resume']);
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(again.stdout).toContain('Nothing is left to do');
}, 600_000);
