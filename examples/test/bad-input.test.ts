import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSafetensors, encodeSafetensors } from '@lab/core';
import { writeIdxFile } from '@lab/mnist-data/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab, labUntil, sha256, temporaryFolder, writeNoise } from './lab.ts';

const folder = temporaryFolder();
afterAll(() => {
  if (existsSync(stopped)) chmodSync(stopped, 0o755);
  folder.remove();
});
const at = (name: string): string => join(folder.path, name);
const smoke = (out: string): string[] => ['gan', '--preset', 'smoke', '--data', at('data'), '--out', out];

/** Runs that the tests find, and must leave as they are unless they say otherwise. */
const finished = at('finished');
const stopped = at('stopped');

beforeAll(async () => {
  await writeNoise(at('data'));
  const [ended, broken] = await Promise.all([
    lab(smoke(finished)),
    labUntil(20, (child) => child.kill('SIGTERM'), [...smoke(stopped), '--steps', '5000']),
  ]);
  expect([ended.code, broken.code]).toEqual([0, 143]);
});

/** Everything in a folder, to see that nothing was touched. */
function contents(path: string): Record<string, string> {
  return Object.fromEntries(readdirSync(path).map((name) => [name, sha256(join(path, name))]));
}

/** Runs a command that must be refused without touching a folder. */
async function refused(args: readonly string[], untouched: string, settings = {}) {
  const before = contents(untouched);
  const { code, stderr } = await lab(args, settings);
  expect(contents(untouched)).toEqual(before);
  expect(stderr).not.toMatch(/\n\s+at /);
  return { code, stderr };
}

describe('a folder that holds another run', () => {
  it('is refused; a finished one is pointed out', async () => {
    const { code, stderr } = await refused(smoke(finished), finished);
    expect(code).toBe(2);
    expect(stderr).toBe(
      `${finished} holds a finished run: open ${join(finished, 'report.html')}.\n` +
        'To run it again, add --overwrite, or another folder with --out.\n',
    );
  });

  it('is refused; an unfinished one may be resumed', async () => {
    const { code, stderr } = await refused(smoke(stopped), stopped);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      / holds an unfinished run \(step \d+ of 5000\)\.\nAdd --resume to go on with it, --overwrite/,
    );
  });

  it('is not resumed with another configuration', async () => {
    const { code, stderr } = await refused([...smoke(stopped), '--resume', '--loss', 'minimax'], stopped);
    expect(code).toBe(2);
    expect(stderr).toMatch(/can't be resumed with another loss: it was begun with loss logistic, not minimax\./);
  });

  it('is not resumed with other data', async () => {
    await writeNoise(at('other-data'), 100);
    const { code, stderr } = await refused(['gan', '--out', stopped, '--resume', '--data', at('other-data')], stopped);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /can't be resumed with other data: it was begun with --data .*data, whose .* sha256 [\da-f]{12}/,
    );
  });

  it('has nothing left to resume once it is finished', async () => {
    const before = contents(finished);
    const { code, stdout } = await lab(['gan', '--out', finished, '--resume']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/this run has finished, at step 30\. Nothing is left to do; --overwrite begins anew\./);
    expect(contents(finished)).toEqual(before);
  });

  it('is replaced by --overwrite; files of others stay', async () => {
    const out = at('overwritten');
    expect(await lab(smoke(out))).toMatchObject({ code: 0 });
    writeFileSync(join(out, 'notes.txt'), 'mine');
    expect(await lab([...smoke(out), '--overwrite', '--steps', '15', '--seed', '3'])).toMatchObject({ code: 0 });
    expect(readFileSync(join(out, 'notes.txt'), 'utf8')).toBe('mine');
    expect(JSON.parse(readFileSync(join(out, 'config.json'), 'utf8'))).toMatchObject({ steps: 15, seed: 3 });
    expect(readdirSync(out).filter((name) => name.endsWith('.png'))).toEqual(['samples-10.png', 'samples-15.png']);
  });

  it('is refused where the files are no run at all', async () => {
    const { code, stderr } = await refused(smoke(at('data')), at('data'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/ holds other files \(.*\), and no run\. Choose another folder with --out/);
    const none = await lab(['gan', '--resume', '--out', at('nowhere')]);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('holds no run to resume') as string });
  });
});

describe('a checkpoint', () => {
  const checkpoint = join(stopped, 'checkpoint.safetensors');
  const resume = ['gan', '--out', stopped, '--resume'];

  async function refusedWith(bytes: Uint8Array): Promise<string> {
    copyFileSync(checkpoint, at('saved'));
    writeFileSync(checkpoint, bytes);
    const { code, stderr } = await refused(resume, stopped);
    copyFileSync(at('saved'), checkpoint);
    expect(code).toBe(1);
    expect(stderr).toContain(checkpoint);
    return stderr;
  }

  it('that is cut short is refused by name', async () => {
    expect(await refusedWith(readFileSync(checkpoint).subarray(0, 100_000))).toMatch(/expected .*, found /);
  });

  it('that is something else is refused by name', async () => {
    expect(await refusedWith(Buffer.from('not a checkpoint'))).toMatch(/expected a header/);
    const foreign = encodeSafetensors({ weight: { dtype: 'F32', shape: [1], data: Float32Array.of(1) } });
    expect(await refusedWith(foreign)).toMatch(/expected a checkpoint of a lab run .*, found none/);
  });

  it('with another network is refused by tensor', async () => {
    const { tensors, metadata } = decodeSafetensors(readFileSync(checkpoint), checkpoint);
    const name = 'generator/generator_hidden/bias';
    const narrow = { dtype: 'F32' as const, shape: [64], data: new Float32Array(64) };
    const stderr = await refusedWith(encodeSafetensors({ ...tensors, [name]: narrow }, metadata));
    expect(stderr).toContain(`tensor '${name}': expected shape [128], found shape [64]`);
  });

  it('of another seed is refused', async () => {
    const { tensors, metadata } = decodeSafetensors(readFileSync(checkpoint), checkpoint);
    const stderr = await refusedWith(encodeSafetensors(tensors, { ...metadata, key: '1 2' }));
    expect(stderr).toMatch(/expected the random key of seed 0, found '1 2'/);
  });
});

describe('other files of a run', () => {
  it('are refused by name where they are damaged', async () => {
    for (const [name, message] of [
      ['metrics.jsonl', /metrics\.jsonl, line 1: expected the metrics of a step, as JSON, found 'nonsense'/],
      ['frames.safetensors', /frames\.safetensors: expected a header/],
      ['config.json', /config\.json: expected JSON, as a run writes it/],
    ] as const) {
      const path = join(stopped, name);
      const whole = readFileSync(path);
      writeFileSync(path, 'nonsense\n');
      const { code, stderr } = await refused(['gan', '--out', stopped, '--resume'], stopped);
      writeFileSync(path, whole);
      expect(code).toBe(1);
      expect(stderr).toMatch(message);
    }
  });
});

describe.skipIf(process.platform === 'win32')('a disk', () => {
  // A limit on the size of files stands for a full disk: small ones still fit, a checkpoint no longer does.
  it('that has no room left is said plainly; the checkpoint stays whole', async () => {
    const checkpoint = readFileSync(join(stopped, 'checkpoint.safetensors'));
    const { code, stderr } = await lab(['gan', '--out', stopped, '--resume'], { fileBlocks: 1000 });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Can't write .*checkpoint\.safetensors: it would be larger than .* \(EFBIG\)\. /);
    expect(stderr).toMatch(
      /\nThe checkpoint of step \d+ is intact\. Once that is mended, go on with:\n {2}npm run lab -- gan --out \S+ --resume\n$/,
    );
    expect(readFileSync(join(stopped, 'checkpoint.safetensors')).equals(checkpoint)).toBe(true);
    expect(readdirSync(stopped).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  // Root may write anywhere: nobody (65534) may not.
  const nobody = process.getuid?.() === 0 ? { uid: 65534 } : {};

  it('that is read-only is said plainly; all stays as it is', async () => {
    chmodSync(folder.path, 0o755);
    chmodSync(stopped, 0o555);
    const { code, stderr } = await refused(['gan', '--out', stopped, '--resume'], stopped, nobody);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Can't write .*: permission is denied \(EACCES\)\. Use a folder that is yours/);
    expect(stderr).toMatch(/The checkpoint of step \d+ is intact/);

    const fresh = await refused(smoke(join(stopped, 'new')), stopped, nobody);
    expect(fresh).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Can't write .*EACCES/) as string });
    chmodSync(stopped, 0o755);
  });
});

describe('data', () => {
  it('that are missing, damaged, or of another size are refused by name', async () => {
    const missing = await lab(['gan', '--preset', 'smoke', '--out', at('unused'), '--data', at('nowhere')]);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining(at('nowhere')) as string });

    const cut = await writeNoise(at('cut'), 20);
    const images = join(cut, 'train-images-idx3-ubyte');
    writeFileSync(images, readFileSync(images).subarray(0, 5000));
    const damaged = await lab(['gan', '--preset', 'smoke', '--out', at('unused'), '--data', cut]);
    expect(damaged).toMatchObject({ code: 1, stderr: expect.stringContaining(images) as string });

    const small = await writeNoise(at('small'), 10);
    for (const part of ['train', 't10k']) {
      await writeIdxFile(join(small, `${part}-images-idx3-ubyte`), { shape: [10, 8, 8], data: new Uint8Array(640) });
    }
    const other = await lab(['gan', '--preset', 'smoke', '--out', at('unused'), '--data', small]);
    expect(other.stderr).toMatch(/^The size of the pictures in .* must be 28 x 28, as the networks, not '8 x 8'\./);
    expect(other.code).toBe(2);
    expect(existsSync(at('unused'))).toBe(false);
  });
});

describe('a loss that becomes infinite', () => {
  it('stops the run, is named with its step, and is reported', async () => {
    const out = at('diverged');
    const args = ['gan', '--preset', 'smoke', '--loss', 'minimax', '--batch', '128', '--steps', '3000'];
    const { code, stdout } = await lab([...args, '--data', at('data'), '--out', out]);
    expect(code).toBe(3);
    const [, quantity, step] = /diverged: (\w+) of the loss 'minimax' became \S+ at step (\d+)\./.exec(stdout)!;
    expect(['dLoss', 'gLoss', 'dGradNorm', 'gGradNorm']).toContain(quantity);

    const path = join(out, 'checkpoint.safetensors');
    const kept = Number(decodeSafetensors(readFileSync(path), path).metadata['step']);
    expect(kept).toBe(Math.floor((Number(step) - 1) / 10) * 10);
    const html = readFileSync(join(out, 'report.html'), 'utf8');
    expect(html).toContain(`became`);
    expect(html).toContain(`The last good checkpoint, of step ${kept}, was kept.`);

    const again = await lab(['gan', '--out', out, '--resume']);
    expect(again).toMatchObject({ code: 3, stdout: expect.stringContaining('this run has diverged') as string });
  });
});

describe('an error', () => {
  it('comes with its stack where DEBUG is set', async () => {
    const { stderr } = await lab(['gan', '--preset', 'smok'], { env: { DEBUG: '1' } });
    expect(stderr).toMatch(/^--preset must be .*\n(?:.*\n)*\s+at /);
  });
});
