import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab, temporaryFolder } from './lab.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const at = (...names: string[]): string => join(folder.path, ...names);
const smoke = (task: string, run: string, out: string) => lab([task, run, '--preset', 'smoke', '--out', at(out)]);

beforeAll(async () => {
  await lab(['2.3', '--preset', 'smoke', '--out', at('run')]);
});

describe('completion', () => {
  it('completes behind five masks, and says how far from the truth beside the mean image', async () => {
    expect(await smoke('completion', at('run'), 'completed')).toMatchObject({ code: 0, stderr: '' });
    const { masks } = JSON.parse(readFileSync(at('completed', 'results.json'), 'utf8')) as {
      masks: { name: string; hidden: number; error: { completed: number; meanImage: number } }[];
    };
    expect(masks.map(({ name }) => name)).toEqual(['centre', 'random', 'left half', 'grid', 'low resolution']);
    for (const { name, hidden, error } of masks) {
      expect(hidden).toBeGreaterThan(0.2);
      // G has seen thirty batches: that it isn't better yet is all that can be said.
      expect(error.completed).toBeGreaterThan(0);
      expect(error.meanImage).toBeGreaterThan(0.03);
      expect(existsSync(at('completed', `${name.replace(' ', '-')}.png`))).toBe(true);
    }
    expect(readFileSync(at('completed', 'report.html'), 'utf8')).toContain('error, mean image');
  });
});

describe('latent', () => {
  it('writes a report, and a page of digits that do not exist', async () => {
    expect(await smoke('latent', at('run'), 'lives')).toMatchObject({ code: 0, stderr: '' });
    const html = readFileSync(at('lives', 'report.html'), 'utf8');
    for (const heading of ['A sheet between four latents', 'Every digit in every style', 'Which one was real?']) {
      expect(html).toContain(heading);
    }
    expect(html).toMatch(/<details><summary>The real ones<\/summary><p>1 (left|right), 2 (left|right)/);
    const page = readFileSync(at('lives', 'this-digit-does-not-exist.html'), 'utf8');
    expect(page.match(/<article/g)).toHaveLength(5);
  });

  it('also reads a generator that was kept without its discriminator, and without classes', async () => {
    const kept = new URL('../results/logistic-lab-seed0', import.meta.url).pathname;
    expect(await smoke('latent', kept, 'plain')).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(at('plain', 'report.html'), 'utf8')).not.toContain('Every digit in every style');
  });

  it.each([[[]], [[folder.path]]])('wants the folder of one trained run, not %j', async (runs) => {
    const { code, stderr } = await lab(['latent', ...runs, '--preset', 'smoke', '--out', at('none')]);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/RUN must be|can't be read|config.json/);
  });
});
