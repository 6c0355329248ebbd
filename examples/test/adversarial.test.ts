import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { lab, temporaryFolder } from './lab.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

interface Summary {
  success: number;
  confidence: number;
}

it('task 2.4 turns fours and noise into nines, and reports how', async () => {
  const out = join(folder.path, '2.4');
  expect(await lab(['2.4', '--preset', 'smoke', '--out', out])).toMatchObject({ code: 0, stderr: '' });
  const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as {
    accuracy: number;
    sweep: Record<string, Summary[]>;
    reference: Record<string, Summary>;
  };
  expect(results.accuracy).toBeGreaterThan(0.993);
  expect(results.sweep['BIM, 10 steps']!.at(-1)!.success).toBe(1);
  expect(results.reference['noise to 9, 50 steps']!.confidence).toBeGreaterThan(0.9);
  const html = readFileSync(join(out, 'report.html'), 'utf8');
  for (const heading of ['How are these produced?', 'Success by budget', 'The nearest success, in L2']) {
    expect(html).toContain(heading);
  }
  expect(html).toMatch(/The easiest target from a 4 is \d \(\d+\.\d%\)/);

  const again = await lab(['2.4', '--preset', 'smoke', '--out', out]);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('--overwrite');
});
