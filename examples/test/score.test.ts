import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { classifier } from '@lab/adversarial';
import { RandomKey, useBackend } from '@lab/core';
import { expectNoLeak } from '@lab/core/testing';
import { filterClasses, type LabelledImages, subset } from '@lab/mnist-data';
import { loadMnist, writeIdxFile } from '@lab/mnist-data/node';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classifierJudge, picturesOf } from '../src/judge/judge.ts';
import { describeScores } from '../src/score/describe-scores.ts';
import { readLabels, readPictures } from '../src/score/read-pictures.ts';
import { readPng } from '../src/score/read-png.ts';
import { scorePictures } from '../src/score/score-pictures.ts';
import { lab, labUntil, temporaryFolder } from './lab.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const at = (name: string): string => join(folder.path, name);

const firstNumbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** A picture with one row of these pixels. */
function write(name: string, picture: Omit<Parameters<typeof encode>[0], 'height'>): string {
  writeFileSync(at(name), encode({ height: 1, ...picture }));
  return at(name);
}

function makeFolder(name: string, sizes: readonly number[]): string {
  mkdirSync(at(name));
  sizes.forEach((side, i) => {
    const data = new Uint8Array(side * side).fill(i);
    writeFileSync(join(at(name), `${i}.png`), encode({ data, width: side, height: side, channels: 1 }));
  });
  return at(name);
}

describe('readPng', () => {
  it('reads grey of 8 and of 16 bits', async () => {
    const eight = write('8.png', { data: Uint8Array.of(0, 51, 255), width: 3, channels: 1 });
    expect([...(await readPng(eight)).data].map((value) => value.toFixed(3))).toEqual(['0.000', '0.200', '1.000']);
    const sixteen = write('16.png', { data: Uint16Array.of(0, 65535), width: 2, channels: 1, depth: 16 });
    expect([...(await readPng(sixteen)).data]).toEqual([0, 1]);
  });

  it('reads colours by their luma, and what is transparent as black', async () => {
    const data = Uint8Array.of(255, 255, 255, 255, 255, 0, 0, 255, 255, 255, 255, 0);
    const { data: grey } = await readPng(write('rgba.png', { data, width: 3, channels: 4 }));
    expect(grey[0]).toBeCloseTo(1, 6);
    expect(grey[1]).toBeCloseTo(0.299, 6);
    expect(grey[2]).toBe(0);
  });

  it('says what is no PNG', async () => {
    writeFileSync(at('text.png'), 'no picture');
    await expect(readPng(at('text.png'))).rejects.toThrow(/text\.png: is no PNG/);
  });
});

describe('readPictures', () => {
  it('reads a folder in the order of its names, and an IDX file to the same pixels', async () => {
    const path = makeFolder('three', [28, 28, 28]);
    writeFileSync(join(path, 'notes.txt'), 'not a picture');
    const read = await readPictures(path);
    expect(read.shape).toEqual([3, 28, 28, 1]);
    const data = Uint8Array.from({ length: 3 * 784 }, (_, i) => Math.floor(i / 784));
    await writeIdxFile(at('three.idx'), { shape: [3, 28, 28], data });
    expect(await readPictures(at('three.idx'))).toEqual(read);
  });

  it('names the picture of another size', async () => {
    const grid = readPictures(makeFolder('grids', [28, 56]));
    await expect(grid).rejects.toThrow(/1\.png must be 28 x 28, not '56 x 56'. A grid has to be cut/);
  });

  it('rejects a folder without pictures, a file of labels and a path that leads nowhere', async () => {
    mkdirSync(at('empty'));
    await expect(readPictures(at('empty'))).rejects.toThrow(/folder must be one of PNG files/);
    await writeIdxFile(at('labels.idx'), { shape: [4], data: new Uint8Array(4) });
    await expect(readPictures(at('labels.idx'))).rejects.toThrow(/expected pictures \[N, 28, 28\]/);
    await expect(readPictures(at('nowhere'))).rejects.toThrow(/Can't read/);
    await expect(readLabels(at('labels.idx'), 3)).rejects.toThrow(/expected 3 labels/);
  });
});

describe('scorePictures', () => {
  beforeAll(async () => {
    await useBackend('simd', { threads: 1 });
  });

  it('gives all scores by any classifier, and a table of them', async () => {
    const judge = classifierJudge(classifier({ key: RandomKey.fromSeed(1), blocks: [[4]], strides: 2, hidden: [8] }));
    const mnist = await loadMnist();
    const few = (images: LabelledImages) => subset(images, firstNumbers(400));
    const dataset = { ...mnist, train: few(mnist.train), test: few(mnist.test) };
    const ones = filterClasses(dataset.test, [1]);
    await expectNoLeak(async () => {
      const scores = await scorePictures(judge, picturesOf(ones), dataset, ones.labels);
      expect(scores.samples.frechet.value).toBeGreaterThan(2 * scores.floor.frechet.value);
      expect(scores.samples.precision.value).toBe(1);
      expect(scores.samples.conditional?.perClass[1]?.count).toBe(ones.count);
      const table = describeScores(scores);
      for (const row of ['pictures', 'Fréchet distance', 'recall', 'as asked', 'well built', 'Parzen']) {
        expect(table).toContain(row);
      }
    });
    await expect(scorePictures(judge, picturesOf(subset(ones, firstNumbers(3))), dataset)).rejects.toThrow(
      /number of pictures must be above 8/,
    );
  });
});

describe('the command score', () => {
  it('finds real digits to be like real digits', async () => {
    const { test } = await loadMnist();
    const asked = subset(
      test,
      firstNumbers(200).map((i) => 50 * i),
    );
    await writeIdxFile(at('digits.idx'), { shape: [200, 28, 28], data: asked.images });
    await writeIdxFile(at('digits-labels.idx'), { shape: [200], data: asked.labels });
    const options = ['--labels', at('digits-labels.idx'), '--out', at('scored')];
    const { code, stdout, stderr } = await lab(['score', at('digits.idx'), ...options]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('200 pictures');
    const { samples, floor } = JSON.parse(readFileSync(join(at('scored'), 'scores.json'), 'utf8')) as Awaited<
      ReturnType<typeof scorePictures>
    >;
    expect(samples.conditional!.accuracy.value).toBeGreaterThan(0.97);
    expect(samples.frechet.value).toBeLessThan(1.5 * floor.frechet.value);
    expect(samples.precision.value).toBe(1);
  }, 600_000);

  it.each([
    [[], /one folder of PNG files or one IDX file/],
    [['a', 'b'], /one folder of PNG files or one IDX file/],
    [['.', '--seed', '3'], /must be one of.*--labels/],
  ])('rejects %j', async (args, message) => {
    const { code, stderr } = await lab(['score', ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('Ctrl-C', () => {
  it('ends it at once, and leaves nothing half written', async () => {
    const { test } = await loadMnist();
    await writeIdxFile(at('real.idx'), { shape: [2000, 28, 28], data: subset(test, firstNumbers(2000)).images });
    const args = ['score', at('real.idx'), '--out', at('left')];
    const { signal, code } = await labUntil('note', (child) => child.kill('SIGINT'), args);
    expect([signal, code]).toEqual(['SIGINT', null]);
    expect(existsSync(at('left'))).toBe(false);
  });
});
