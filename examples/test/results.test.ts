import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { classifier } from '@lab/adversarial';
import { RandomKey, useBackend } from '@lab/core';
import { expectNoLeak } from '@lab/core/testing';
import { type Dataset, type LabelledImages, subset } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Judge, classifierJudge } from '../src/judge/judge.ts';
import { scorerByClassifier } from '../src/results/scorers.ts';
import { rescoreResult, type ResultSummary, writeJson } from '../src/results/write-result.ts';
import { writeTable } from '../src/results/write-table.ts';
import { keepBest } from '../src/run/best-generator.ts';
import type { RunConfig } from '../src/run/config.ts';
import { readConfig } from '../src/run/record.ts';
import { createTraining, disposeTraining } from '../src/run/training.ts';
import { temporaryFolder } from './lab.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const recorded = join(import.meta.dirname, '../results/logistic-lab-seed0');
const result = join(folder.path, 'results/logistic-lab-seed0');

let judge: Judge;
let mnist: Dataset;
let config: RunConfig;

beforeAll(async () => {
  await useBackend('simd', { threads: 1 });
  judge = classifierJudge(classifier({ key: RandomKey.fromSeed(1), blocks: [[4]], strides: 2, hidden: [8] }));
  const whole = await loadMnist();
  const few = (images: LabelledImages) => subset(images, [...Array(300).keys()]);
  mnist = { ...whole, train: few(whole.train), test: few(whole.test) };
  mkdirSync(result, { recursive: true });
  for (const name of ['config.json', 'summary.json', 'metrics.jsonl', 'generator-1000.safetensors']) {
    copyFileSync(join(recorded, name), join(result, name));
  }
  config = await readConfig(result);
});

describe('a kept run', () => {
  it('is scored anew, with all else as it was, and gets its row in the table beside real pictures', () =>
    expectNoLeak(async () => {
      const before = JSON.parse(readFileSync(join(result, 'summary.json'), 'utf8')) as ResultSummary;
      const { scorer, floor: scoreReal } = await scorerByClassifier(judge, mnist);
      const floor = await scoreReal();
      await rescoreResult(result, config, mnist.train, scorer);
      await writeJson(join(folder.path, 'results/floor.json'), floor);
      const after = JSON.parse(readFileSync(join(result, 'summary.json'), 'utf8')) as ResultSummary;
      expect({ ...after, scores: before.scores }).toEqual(before);
      expect(after.scores.map(({ step }) => step)).toEqual([1000]);
      const [{ distances, counts, anatomy }] = after.scores as [ResultSummary['scores'][number]];
      expect(distances!.frechet.value).toBeGreaterThan(2 * floor.distances!.frechet.value);
      expect(counts.reduce((sum, n) => sum + n)).toBe(300);
      expect(anatomy!.rates.both).toBeLessThan(floor.anatomy!.rates.both);

      const table = readFileSync(await writeTable(join(folder.path, 'results')), 'utf8');
      expect(table).toContain(`| ${distances!.frechet.value.toPrecision(3)} |`);
      expect(table).toMatch(/^\| logistic-lab-seed0 \| 1,000 \|/m);
      expect(table).toMatch(/^\| real training pictures \|/m);
      const columns = table
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .map((line) => line.split('|').length);
      expect(new Set(columns).size).toBe(1);
    }));
});

describe('keepBest', () => {
  it('keeps the generator of the least distance, also after a resume', async () => {
    const training = createTraining(config, mnist.train);
    const first = await keepBest(folder.path, training, config, judge);
    const { frechet, isBest } = await first(10);
    expect(isBest).toBe(true);
    expect(await first(20)).toEqual({ frechet, isBest: false });
    const resumed = await keepBest(folder.path, training, config, judge);
    expect(await resumed(20)).toEqual({ frechet, isBest: false });
    disposeTraining(training);
  });
});
