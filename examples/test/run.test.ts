import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSafetensors } from '@lab/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab, labUntil, reproducibleFiles, temporaryFolder, writeNoise } from './lab.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const at = (name: string): string => join(folder.path, name);

const steps = 160;
const whole = at('whole');
const settings = (out: string): string[] => ['--data', at('data'), '--steps', `${steps}`, '--out', out];
const smoke = (out: string): string[] => ['gan', '--preset', 'smoke', '--seed', '7', ...settings(out)];

beforeAll(async () => {
  await writeNoise(at('data'));
  expect(await lab(smoke(whole))).toMatchObject({ code: 0, stderr: '' });
});

describe('a run', () => {
  it('writes its files, and nothing else stays', () => {
    const generators = ['generator-10.safetensors', `generator-${steps}.safetensors`];
    const samples = ['samples-10.png', `samples-${steps}.png`];
    const others = ['checkpoint.safetensors', 'config.json', 'curves.svg', 'frames.safetensors', 'metrics.jsonl'];
    const all = [...others, ...generators, ...samples, 'report.html', 'report.json', 'status.json', 'training.gif'];
    expect(readdirSync(whole).sort()).toEqual(all.sort());
  });

  it('resolves its configuration', () => {
    const config = JSON.parse(readFileSync(join(whole, 'config.json'), 'utf8')) as Record<string, unknown>;
    expect(config).toMatchObject({ task: 'gan', loss: 'logistic', preset: 'smoke', seed: 7, steps, batch: 32 });
    expect(config['backend']).not.toBe('auto');
    expect(config['snapshots']).toEqual([10, steps]);
  });

  it('logs every fifth step', () => {
    const lines = readFileSync(join(whole, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
    const rows = lines.map((line) => JSON.parse(line) as Record<string, number>);
    expect(rows.map(({ step }) => step)).toEqual(Array.from({ length: steps / 5 }, (_, i) => 5 * (i + 1)));
    expect(rows[0]!['imagesSeen']).toBe(5 * 32);
    expect(Object.keys(rows[0]!)).toEqual(expect.arrayContaining(['dLoss', 'gLoss', 'dReal', 'dFake', 'gGradNorm']));
  });

  it('keeps G alone in half precision, and all that a resumed run needs', () => {
    const open = (name: string) => decodeSafetensors(readFileSync(join(whole, name)), name);
    const generator = open(`generator-${steps}.safetensors`);
    expect(Object.values(generator.tensors).every(({ dtype }) => dtype === 'F16')).toBe(true);
    expect(Object.keys(generator.tensors).every((name) => name.startsWith('generator/'))).toBe(true);
    expect(generator.metadata).toMatchObject({ step: `${steps}`, loss: 'logistic', seed: '7' });
    const checkpoint = open('checkpoint.safetensors');
    expect(checkpoint.metadata).toMatchObject({ step: `${steps}`, key: expect.stringMatching(/^\d+ \d+$/) as string });
    expect(Object.keys(checkpoint.tensors)).toEqual(expect.arrayContaining(['gOptimizer/step', 'dOptimizer/step']));
  });

  it('reports on one page that needs nothing else', () => {
    const html = readFileSync(join(whole, 'report.html'), 'utf8');
    expect(html).toContain(`After ${steps} steps.`);
    expect(html.match(/<img /g)!.length).toBeGreaterThanOrEqual(3);
    expect(html.match(/<svg [^>]*line-chart/g)).toHaveLength(3);
    expect(html).not.toMatch(/(?:src|href)="(?!data:|#)/);
  });

  it('keeps its number of tensors', () => {
    const { memory } = JSON.parse(readFileSync(join(whole, 'status.json'), 'utf8')) as {
      memory: { tensors: number }[];
    };
    expect(memory).toHaveLength(2);
    expect(memory[1]!.tensors).toBe(memory[0]!.tensors);
  });

  it('has the same bits again, on one thread too', async () => {
    expect(await lab([...smoke(at('again')), '--backend', 'simd', '--threads', '1'])).toMatchObject({ code: 0 });
    expect(reproducibleFiles(at('again'))).toEqual(reproducibleFiles(whole));
  });

  it('prints JSON lines and nothing else where asked to', async () => {
    const out = at('json');
    const { code, stdout, stderr } = await lab([
      'gan',
      '--preset',
      'smoke',
      '--data',
      at('data'),
      '--out',
      out,
      '--json',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events[0]).toMatchObject({
      event: 'start',
      preset: 'smoke',
      backend: { name: expect.any(String) as string },
    });
    expect(events.filter(({ event }) => event === 'step')).toHaveLength(6);
    expect(events.at(-2)).toMatchObject({ event: 'end', state: 'finished', step: 30 });
    const { files } = events.at(-1) as { files: { path: string }[] };
    for (const { path } of files) expect(existsSync(path)).toBe(true);
  });
});

describe.skipIf(process.platform === 'win32')('a run that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s saves, says how to go on, and then equals one that was not',
    async (name) => {
      const out = at(name);
      const stopped = await labUntil(63, (child) => child.kill(name), smoke(out));
      expect(stopped).toMatchObject({ code: name === 'SIGINT' ? 130 : 143, stderr: '' });
      expect(stopped.stdout).toContain(`"resume":"npm run lab -- gan --out ${out} --resume"`);
      expect(JSON.parse(readFileSync(join(out, 'status.json'), 'utf8'))).toMatchObject({ state: 'stopped' });

      expect(await lab(['gan', '--out', out, '--resume'])).toMatchObject({ code: 0, stderr: '' });
      expect(reproducibleFiles(out)).toEqual(reproducibleFiles(whole));
    },
  );

  it('by kill -9 keeps a whole checkpoint, and then equals one that was not', async () => {
    const out = at('killed');
    let resume: string[] = [];
    for (const step of [30, 90]) {
      const delay = Math.random() * 200;
      const killed = await labUntil(step, (child) => setTimeout(() => child.kill('SIGKILL'), delay), [
        ...smoke(out),
        ...resume,
      ]);
      expect(killed).toMatchObject({ code: null, signal: 'SIGKILL' });
      const path = join(out, 'checkpoint.safetensors');
      const { metadata } = decodeSafetensors(readFileSync(path), path);
      expect(Number(metadata['step'])).toBeGreaterThanOrEqual(step - 15);
      resume = ['--resume'];
    }
    expect(await lab([...smoke(out), '--resume'])).toMatchObject({ code: 0 });
    expect(reproducibleFiles(out)).toEqual(reproducibleFiles(whole));
  });

  it('twice leaves at once', async () => {
    const out = at('twice');
    const twice = await labUntil(
      50,
      (child) => {
        child.kill('SIGSTOP');
        child.kill('SIGINT');
        child.kill('SIGTERM');
        child.kill('SIGCONT');
      },
      [...smoke(out), '--steps', '100000'],
    );
    expect([130, 143]).toContain(twice.code);
    expect(twice.stdout).not.toContain('"event":"end"');
  });
});
