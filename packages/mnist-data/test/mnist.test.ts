import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import canonical from '../src/canonical-files.json' with { type: 'json' };
import { classCounts, DataFormatError, encodeIdx, type Dataset, type LabelledImages } from '../src/index.ts';
import { loadIdxDirectory, loadMnist } from '../src/node.ts';
import { unpackPart } from '../src/packed-mnist.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const imagesFile = ({ count, rows, cols, images }: LabelledImages) =>
  encodeIdx({ shape: [count, rows, cols], data: images });
const labelsFile = ({ count, labels }: LabelledImages) => encodeIdx({ shape: [count], data: labels });

describe('the bundled MNIST', () => {
  let mnist: Dataset;
  beforeAll(async () => {
    mnist = await loadMnist();
  });

  it('has 60,000 and 10,000 pictures of 28 x 28 in 10 classes', () => {
    expect(mnist).toMatchObject({ name: 'mnist', classes: 10 });
    expect(mnist.train).toMatchObject({ count: 60000, rows: 28, cols: 28 });
    expect(mnist.test).toMatchObject({ count: 10000, rows: 28, cols: 28 });
    expect(mnist.train.images.length).toBe(60000 * 784);
  });

  it('is, byte for byte, the four canonical files', () => {
    for (const part of ['train', 'test'] as const) {
      expect(sha256(imagesFile(mnist[part]))).toBe(canonical[part].images.sha256);
      expect(sha256(labelsFile(mnist[part]))).toBe(canonical[part].labels.sha256);
    }
  });

  it('has the known labels', () => {
    expect([...mnist.train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect([...mnist.test.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    expect([...classCounts(mnist.train.labels)]).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect([...classCounts(mnist.test.labels)]).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  });
});

describe('the packed files', () => {
  const part = canonical.test;
  const packedFile = new URL(`../data/${part.packed}`, import.meta.url);

  it('are small', async () => {
    const sizes = Object.values(canonical).map(async ({ packed }) => {
      return (await readFile(new URL(`../data/${packed}`, import.meta.url))).length;
    });
    const [train = 0, test = 0] = await Promise.all(sizes);
    expect(train + test).toBeLessThan(8.7e6);
  });

  it.each([
    [
      'with a pixel changed',
      (bytes: Buffer) => bytes.fill(bytes.at(-1)! ^ 1, bytes.length - 1),
      /t10k-images.* comes out with sha256/,
    ],
    ['with a label changed', (bytes: Buffer) => bytes.fill(3, 0, 1), /t10k-labels.* comes out with sha256/],
    ['with a value missing', (bytes: Buffer) => bytes.subarray(0, -1), /ink values for \d+ inked pixels/],
    ['broken off in the runs', (bytes: Buffer) => bytes.subarray(0, 50000), /breaks off within the run lengths/],
    ['broken off in the labels', (bytes: Buffer) => bytes.subarray(0, 5000), /fewer bytes than 10000 labels/],
    ['all of long runs', (bytes: Buffer) => bytes.fill(255), /breaks off|more pixels than it should/],
  ])('are refused %s', async (_, damage, message) => {
    const bytes = damage(inflateSync(await readFile(packedFile)));
    await expect(unpackPart(bytes, part, 'packed')).rejects.toThrow(message);
    await expect(unpackPart(bytes, part, 'packed')).rejects.toThrow(DataFormatError);
  });

  it('are left alone by another build, once verified', async () => {
    const before = await stat(packedFile);
    const script = fileURLToPath(new URL('../scripts/pack.mjs', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    expect(stdout).toBe('mnist-train.bin: verified\nmnist-test.bin: verified\n');
    expect((await stat(packedFile)).mtimeMs).toBe(before.mtimeMs);
  });
});

const fashion = '/usr/share/datasets/fashion-mnist';

describe.skipIf(!existsSync(fashion))("Fashion-MNIST from Debian's dataset-fashion-mnist", () => {
  it('is read from its gzipped files', async () => {
    const { name, train, test, classes } = await loadIdxDirectory(fashion);
    expect({ name, classes }).toEqual({ name: 'fashion-mnist', classes: 10 });
    expect([...classCounts(train.labels)]).toEqual(new Array(10).fill(6000));
    expect([...classCounts(test.labels)]).toEqual(new Array(10).fill(1000));
    expect([...train.labels.subarray(0, 10)]).toEqual([9, 0, 0, 3, 0, 2, 7, 2, 5, 5]);
    expect(train).toMatchObject({ count: 60000, rows: 28, cols: 28 });
  });
});
