import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab, labUntil, reproducibleFiles, temporaryFolder, writeNoise } from './lab.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const at = (name: string): string => join(folder.path, name);
const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');

beforeAll(() => writeNoise(at('data')));

const smoke = (task: string, out: string): string[] => [task, '--preset', 'smoke', '--data', at('data'), '--out', out];

describe('task 2.1', () => {
  it('shows that minimax as written diverges and its stable form does not, and calls that done', async () => {
    const out = at('2.1');
    const { code, stdout } = await lab([...smoke('2.1', out), '--batch', '128', '--steps', '500']);
    expect(stdout).toMatch(/diverged: \w+ of the loss 'minimax' became/);
    expect(stdout).toContain('finished at step 500');
    expect(code).toBe(0);
    const html = read(out, 'report.html');
    expect(html).toContain('minimax diverged, as is to be expected.');
    expect(html).toContain('minimax-stable went through all 500 steps');
    expect(html.match(/<svg [^>]*line-chart/g)).toHaveLength(5);
  });
});

describe('task 2.2', () => {
  const out = at('2.2');

  it('runs three losses at one seed, stops in the middle, goes on, and reports them side by side', async () => {
    const args = [...smoke('2.2', out), '--steps', '60'];
    const stopped = await labUntil(20, (child) => child.kill('SIGINT'), args);
    expect(stopped.code).toBe(130);
    expect(stopped.stdout).toContain(`npm run lab -- 2.2 --out ${out} --resume`);
    expect(existsSync(join(out, 'minimax-stable'))).toBe(false);
    expect(await lab(args)).toMatchObject({ code: 2, stderr: expect.stringContaining('an unfinished run') as string });

    expect(await lab(['2.2', '--out', out, '--resume'])).toMatchObject({ code: 0, stderr: '' });
    const runs = ['logistic', 'minimax-stable', 'non-saturating'];
    expect(readdirSync(out).sort()).toEqual(
      ['config.json', ...runs, 'report.html', 'report.json', 'status.json'].sort(),
    );
    const html = read(out, 'report.html');
    for (const heading of ['After 10 steps', 'After 60 steps', 'Few and many: logistic', 'Same objective']) {
      expect(html).toContain(heading);
    }
  });

  it('makes runs that the task gan makes alone', async () => {
    const alone = at('alone');
    await lab([...smoke('gan', alone), '--steps', '60', '--loss', 'non-saturating']);
    const { 'config.json': _own, ...files } = reproducibleFiles(alone);
    const { 'config.json': _other, ...compared } = reproducibleFiles(join(out, 'non-saturating'));
    expect(compared).toEqual(files);
  });

  it('has its runs kept among the results', async () => {
    const kept = at('results');
    expect(await lab(['results', out, '--out', kept])).toMatchObject({ code: 0, stderr: '' });
    const names = ['data-logistic-smoke-seed0', 'data-minimax-stable-smoke-seed0', 'data-non-saturating-smoke-seed0'];
    expect(readdirSync(kept).sort()).toEqual([...names, 'table.md'].sort());
    const files = [
      'config.json',
      'curves.svg',
      'generator-10.safetensors',
      'generator-60.safetensors',
      'metrics.jsonl',
    ];
    expect(readdirSync(join(kept, names[0]!)).sort()).toEqual(
      [...files, 'samples-10.png', 'samples-60.png', 'summary.json'].sort(),
    );
    expect(read(kept, 'table.md').match(/^\| data-logistic-smoke-seed0 \| (10|60) \|/gm)).toHaveLength(2);
    for (const name of names) {
      for (const file of ['config.json', 'summary.json']) expect(read(kept, name, file)).not.toContain(folder.path);
    }
  });
});
