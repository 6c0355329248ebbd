import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { lab, temporaryFolder } from './lab.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

it('latent-diffusion: trains autoencoder and U-Net, and shows what they draw', async () => {
  const out = join(folder.path, 'latent-diffusion');
  const run = (...args: string[]) => lab(['latent-diffusion', '--preset', 'smoke', '--out', out, ...args]);
  expect(await run()).toMatchObject({ code: 0, stderr: '' });
  const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as { parameters: object };
  expect(results.parameters).toEqual({ encoder: 69_992, decoder: 67_681, unet: 381_444 });
  expect(existsSync(join(out, 'latent.safetensors'))).toBe(true);
  const html = readFileSync(join(out, 'report.html'), 'utf8');
  for (const heading of ['Any wanted digit', 'What the autoencoder alone loses', 'Weights'])
    expect(html).toContain(heading);
  expect((await run('--overwrite')).code).toBe(0);
}, 300_000);
