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

interface Results {
  accuracy: number;
  sweep: Record<string, Summary[]>;
  reference: Record<string, Summary>;
  likeness: Record<string, { similarity: number; readAsShown: number }>;
  equation: Record<'original' | 'adversarial', { digit: number }>;
  others: Record<string, { accuracy: number; read: number }>;
}

const read = (...path: string[]) => readFileSync(join(folder.path, ...path), 'utf8');

it('task 2.4 turns fours and noise into nines, and reports how', async () => {
  const out = join(folder.path, '2.4');
  expect(await lab(['2.4', '--preset', 'smoke', '--backend', 'simd', '--out', out])).toMatchObject({
    code: 0,
    stderr: '',
  });
  const results = JSON.parse(read('2.4', 'results.json')) as Results;
  expect(results.accuracy).toBeGreaterThan(0.993);
  expect(results.sweep['BIM, 10 steps']!.at(-1)!.success).toBe(1);
  expect(results.reference['noise to 9, 50 steps']!.confidence).toBeGreaterThan(0.9);
  expect(results.likeness['4s as they are']).toMatchObject({ similarity: 1, readAsShown: 1 });
  expect(results.likeness['BIM at .2']!.similarity).toBeGreaterThan(results.likeness['noise, 50 steps']!.similarity);
  expect(results.equation).toMatchObject({ original: { digit: 4 }, adversarial: { digit: 9 } });
  expect(results.others['the second judge']!.accuracy).toBeGreaterThan(0.99);
  expect(JSON.parse(read('2.4', 'config.json'))).toMatchObject({ format: 1, task: '2.4', preset: 'smoke', seed: 0 });
  const html = read('2.4', 'report.html');
  for (const heading of [
    'How are these produced?',
    'Which pixels make a 4 a 9',
    'Success by budget',
    'How like a 4, how like a 9',
    'The nearest success, in L2',
    'Beside an earlier measurement',
  ]) {
    expect(html).toContain(heading);
  }
  expect(html).toMatch(/The easiest target from a 4 is \d \(\d+\.\d%\)/);

  const again = await lab(['2.4', '--preset', 'smoke', '--backend', 'simd', '--out', out]);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('--overwrite');
}, 600_000);
