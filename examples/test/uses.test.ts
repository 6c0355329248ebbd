import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { enlarge } from '../src/uses/cubic.ts';
import { rootMeanSquare } from '../src/uses/root-mean-square.ts';
import { lab, temporaryFolder } from './lab.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

interface Results {
  readonly inpainted: { mask: string; method: string; error: number; read: number }[];
  readonly enlarged: { method: string; signalToNoise: number }[];
  readonly changed: { strength?: number; distance: number }[];
  readonly oddities: { leftOut: number; toMean: number; diffusion: Record<string, number> }[];
}

it('uses: one command writes a page, and a number beside a baseline for every use', async () => {
  const out = join(folder.path, 'uses');
  expect(await lab(['uses', '--preset', 'smoke', '--out', out])).toMatchObject({ code: 0, stderr: '' });
  const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results;
  expect(results.inpainted.map(({ mask }) => mask)).toEqual(['centre', 'centre', 'left', 'left', 'lines', 'lines']);
  expect(results.enlarged.map(({ method }) => method)).toEqual(['bilinear', 'bicubic', 'diffusion']);
  expect(results.changed).toHaveLength(5);
  expect(results.oddities).toMatchObject([{ leftOut: 4 }]);
  expect(JSON.stringify(results)).not.toContain('"images"');
  const html = readFileSync(join(out, 'report.html'), 'utf8');
  for (const heading of [
    'Inpainting',
    'Super-resolution',
    'Image to image',
    'Interpolation in noise space',
    'Anomalies',
  ]) {
    expect(html).toContain(heading);
  }
}, 300_000);

describe('the baselines', () => {
  it('interpolation keeps what is flat or, bicubic, a parabola, and no pixel beyond [0, 1]', () => {
    const small = {
      data: Float32Array.from({ length: 49 }, (_, i) => 0.25 + ((i % 7) / 12) ** 2),
      shape: [1, 7, 7, 1],
    };
    const place = (large: number) => (large + 0.5) / 4 - 0.5;
    const { data, shape } = enlarge(small, 4, 'bicubic');
    expect(shape).toEqual([1, 28, 28, 1]);
    for (let x = 6; x < 20; x++) expect(data[28 * 14 + x]).toBeCloseTo(0.25 + (place(x) / 12) ** 2, 6);
    const flat = enlarge({ ...small, data: new Float32Array(49).fill(0.4) }, 4, 'bilinear');
    for (const value of flat.data) expect(value).toBeCloseTo(0.4, 6);
    const edge = enlarge({ ...small, data: small.data.map((_, i) => (i % 7 > 3 ? 1 : 0)) }, 4, 'bicubic');
    expect(Math.min(...edge.data)).toBe(0);
    expect(Math.max(...edge.data)).toBe(1);
  });

  it('errors are counted where they should be', () => {
    const a = { data: Float32Array.from([0, 0, 0, 0]), shape: [1, 2, 2, 1] };
    const b = { ...a, data: Float32Array.from([0.1, 0.5, 0.1, 0.5]) };
    expect(rootMeanSquare(a, b, [1, 0])).toBeCloseTo(0.1);
  });
});
