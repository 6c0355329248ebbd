import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab, labUntil, reproducibleFiles, temporaryFolder, writeNoise } from './lab.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const at = (name: string): string => join(folder.path, name);

beforeAll(() => writeNoise(at('data')));

describe('task 2.3', () => {
  it('trains with labels, shows the chosen digit and every digit in every style, and judges them', async () => {
    const out = at('mnist');
    const args = ['2.3', '--preset', 'smoke', '--out', out];
    expect(await lab(args)).toMatchObject({ code: 0, stderr: '' });
    for (const step of [10, 30]) {
      for (const kind of ['samples', 'classes', 'digit'])
        expect(existsSync(join(out, `${kind}-${step}.png`))).toBe(true);
    }
    const html = readFileSync(join(out, 'report.html'), 'utf8');
    for (const heading of ['Asked for: 7', 'Every digit in every style', 'Does it paint what it is asked for?']) {
      expect(html).toContain(heading);
    }
  });

  it('trains the convolutional networks, and shows another digit', async () => {
    const out = at('convolutional');
    const size = ['--preset', 'smoke', '--steps', '10', '--data', at('data')];
    const args = ['2.3', '--networks', 'convolutional', '--digit', '3', ...size, '--out', out];
    expect(await lab(args)).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(readFileSync(join(out, 'config.json'), 'utf8'))).toMatchObject({
      networks: 'convolutional-cgan',
    });
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('Asked for: 3');
  });

  it('refuses a digit that is none', async () => {
    const { code, stderr } = await lab(['2.3', '--digit', '10']);
    expect(code).toBe(2);
    expect(stderr).toContain('--digit must be an integer at least 0 and at most 9, not 10');
  });

  it('stops, resumes to the bit, and judges no pictures but digits', async () => {
    const args = (out: string) => ['2.3', '--preset', 'smoke', '--data', at('data'), '--out', at(out)];
    expect((await labUntil(10, (child) => child.kill('SIGINT'), args('stopped'))).code).toBe(130);
    expect(await lab(['2.3', '--out', at('stopped'), '--resume'])).toMatchObject({ code: 0, stderr: '' });
    expect(await lab(args('whole'))).toMatchObject({ code: 0, stderr: '' });
    expect(reproducibleFiles(at('stopped'))).toEqual(reproducibleFiles(at('whole')));
    expect(readFileSync(join(at('whole'), 'report.html'), 'utf8')).not.toContain('recognised as asked');
  });
});
