import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFormatError, encodeIdx, OptionError, type LabelledImages } from '../src/index.ts';
import { loadIdxDirectory, readIdxFile, writeIdxFile } from '../src/node.ts';
import { makeImages } from './make-images.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'idx-'));
});
afterEach(() => rm(folder, { recursive: true }));

const path = (name: string): string => join(folder, name);
const pixelsOf = (part: LabelledImages) => ({ shape: [part.count, part.rows, part.cols], data: part.images });
const labelsOf = (part: LabelledImages) => ({ shape: [part.count], data: part.labels });
const [train, test] = [makeImages(30), makeImages(7)];

async function writeAll(names: readonly string[]): Promise<void> {
  const arrays = [pixelsOf(train), labelsOf(train), pixelsOf(test), labelsOf(test)];
  await Promise.all(arrays.map((array, k) => writeIdxFile(path(names[k]!), array)));
}

const plain = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const;

describe('loadIdxDirectory', () => {
  it.each([
    ['plain', plain],
    ['gzipped', plain.map((name) => `${name}.gz`)],
    ['with dots', plain.map((name) => name.replace('-idx', '.idx'))],
    ['with a prefix, and test for t10k', plain.map((name) => `emnist-letters-${name.replace('t10k', 'test')}.gz`)],
  ])('reads files named %s', async (_, names) => {
    await writeAll(names);
    expect(await loadIdxDirectory(folder, { name: 'tiny' })).toEqual({ name: 'tiny', train, test, classes: 10 });
  });

  it('takes a plain file before its gzipped twin, and the folder for a name', async () => {
    await writeAll(plain);
    await writeFile(path(`${plain[0]}.gz`), 'not read');
    const dataset = await loadIdxDirectory(`${folder}/`);
    expect(folder.endsWith(dataset.name)).toBe(true);
  });

  it('says which file is missing, or which are too many', async () => {
    await expect(loadIdxDirectory(folder)).rejects.toThrow(/has no train-images-idx3-ubyte or/);
    await writeAll(plain);
    await writeFile(path('other-t10k-labels-idx1-ubyte'), '');
    await expect(loadIdxDirectory(folder)).rejects.toThrow(/several files.*other-t10k-labels-idx1-ubyte/);
    await expect(loadIdxDirectory(path('nowhere'))).rejects.toThrow(DataFormatError);
  });

  it('refuses labels and pictures that do not belong together', async () => {
    await writeAll(plain);
    await writeIdxFile(path(plain[1]), labelsOf(test));
    await expect(loadIdxDirectory(folder)).rejects.toThrow(/train-labels.*7 labels for the 30 images of/);
    await writeIdxFile(path(plain[1]), pixelsOf(train));
    await expect(loadIdxDirectory(folder)).rejects.toThrow(/train-labels.*shape \[30, 2, 3\]; expected labels \[N\]/);
  });

  it('refuses pictures of floats, of no pixels, and of another size than the training ones', async () => {
    await writeAll(plain);
    await writeIdxFile(path(plain[2]), { shape: [7, 2, 3], data: new Float32Array(42) });
    await expect(loadIdxDirectory(folder)).rejects.toThrow(/t10k-images.*Float32Array.*as unsigned bytes/);
    await writeIdxFile(path(plain[2]), { shape: [7, 0, 3], data: new Uint8Array(0) });
    await expect(loadIdxDirectory(folder)).rejects.toThrow(/holds no pixel: shape \[7, 0, 3\]/);
    await writeIdxFile(path(plain[2]), { shape: [7, 3, 2], data: new Uint8Array(42) });
    await expect(loadIdxDirectory(folder)).rejects.toThrow(/3 x 2 pixels, and the training pictures 2 x 3/);
  });

  it('refuses a label that is no class, and says where it stands', async () => {
    await writeAll(plain);
    await writeIdxFile(path(plain[3]), { shape: [7], data: Uint8Array.of(0, 1, 2, 200, 4, 5, 6) });
    await expect(loadIdxDirectory(folder)).rejects.toThrow(/byte 11: label 200 of picture 3 is none of the 10 classes/);
    await expect(loadIdxDirectory(folder, { classes: 201 })).resolves.toMatchObject({ classes: 201 });
    await expect(loadIdxDirectory(folder, { classes: 0 })).rejects.toThrow(OptionError);
  });
});

describe('readIdxFile', () => {
  const file = encodeIdx({ shape: [5], data: Int32Array.of(1, -2, 3, -4, 5) });

  it('tells gzip by content, also in several members', async () => {
    await writeFile(path('a'), Buffer.concat([gzipSync(file.subarray(0, 9)), gzipSync(file.subarray(9))]));
    expect((await readIdxFile(path('a'))).data).toEqual(Int32Array.of(1, -2, 3, -4, 5));
  });

  it.each([
    ['truncated', file.subarray(0, 20), /byte 20: truncated/],
    ['oversized', Buffer.concat([file, file]), /byte 28: oversized/],
    ['truncated gzip', gzipSync(file).subarray(0, 20), /unexpected end of file/],
    ['damaged gzip', gzipSync(file).fill(0x55, 12, 30), /cannot be read/],
    ['gzip with zeros behind', Buffer.concat([gzipSync(file), Buffer.alloc(4)]), /4 bytes follow the end/],
    ['gzip with something behind', Buffer.concat([gzipSync(file), Buffer.from('more')]), /cannot be read/],
    ['gzip of something else', gzipSync('hello, world'), /is no IDX file: it begins with 68 65 6c 6c/],
  ])('refuses a file that is %s', async (_, bytes, message) => {
    await writeFile(path('a'), bytes);
    await expect(readIdxFile(path('a'))).rejects.toThrow(message);
    await expect(readIdxFile(path('a'))).rejects.toThrow(DataFormatError);
  });

  it('refuses a gzip bomb behind an honest-looking header', async () => {
    const bomb = gzipSync(Buffer.concat([file, Buffer.alloc(2 ** 25)]));
    await writeFile(path('bomb.gz'), bomb);
    await expect(readIdxFile(path('bomb.gz'))).rejects.toThrow(/byte 28: oversized/);
  });

  it('refuses what its header promises beyond maxBytes, folders, and nothing at all', async () => {
    await writeFile(path('a'), file);
    await expect(readIdxFile(path('a'), { maxBytes: 27 })).rejects.toThrow(/the limit is 27/);
    await expect(readIdxFile(path('a'), { maxBytes: -1 })).rejects.toThrow(/maxBytes is -1; expected a whole number/);
    await mkdir(path('b'));
    await expect(readIdxFile(path('b'))).rejects.toThrow(/is no regular file/);
    await expect(readIdxFile(path('c'))).rejects.toMatchObject({ source: path('c'), cause: { code: 'ENOENT' } });
  });
});

describe('writeIdxFile', () => {
  it('writes over a file, and leaves nothing beside it', async () => {
    await writeFile(path('a.gz'), 'old');
    await writeIdxFile(path('a.gz'), labelsOf(test));
    expect(await readIdxFile(path('a.gz'))).toEqual(labelsOf(test));
    expect(await readdir(folder)).toEqual(['a.gz']);
  });

  it('cleans up when it fails', async () => {
    await mkdir(path('taken'));
    await expect(writeIdxFile(path('taken'), labelsOf(test))).rejects.toThrow();
    await expect(writeIdxFile(path('nowhere/a'), labelsOf(test))).rejects.toThrow(/ENOENT/);
    expect(await readdir(folder)).toEqual(['taken']);
  });
});
