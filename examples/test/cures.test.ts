import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RandomKey, useBackend } from '@lab/core';
import { expectNoLeak } from '@lab/core/testing';
import { referenceMlp, trainGan } from '@lab/gan';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cureNames } from '../src/cures/cures.ts';
import { beginCure, disposeTreatment } from '../src/cures/train-cure.ts';
import { writeCureTable } from '../src/cures/write-cure-table.ts';
import { temporaryFolder } from './lab.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
beforeAll(() => useBackend('simd', { threads: 1 }));

const batch = {
  data: RandomKey.fromSeed(6).uniformArray(8 * 784),
  shape: [8, 28, 28, 1],
};

describe('a cure', () => {
  it.each(cureNames)('trains, and frees what it made: %s', (name) =>
    expectNoLeak(async () => {
      const treatment = beginCure({ name, seed: 3 });
      const options = { ...treatment, key: RandomKey.fromSeed(1), steps: 2, metricsEvery: 2 };
      for await (const { dLoss, gLoss } of trainGan(treatment.gan, [batch, batch], options)) {
        expect(dLoss * gLoss).toBeGreaterThan(0);
      }
      expect(treatment.gAverage?.updates).toBe(name === 'average' ? 2 : undefined);
      disposeTreatment(treatment);
    }),
  );

  it.each(['smoothing', 'rates', 'slow', 'average', 'spectral', 'spread'] as const)(
    "begins with the weights of G that task 2.2's run has: %s",
    (name) => {
      const treatment = beginCure({ name, seed: 3 });
      const untreated = referenceMlp(RandomKey.fromSeed(3).child('networks'));
      const [own, usual] = [treatment.gan, untreated].map(({ generator }) =>
        generator.getWeights().map((weight) => [...weight.dataSync()]),
      );
      expect(own).toEqual(usual);
      disposeTreatment(treatment);
      for (const network of [untreated.generator, untreated.discriminator]) network.dispose();
    },
  );
});

describe('the table of cures', () => {
  it('has each cure at each mark that was reached, and says of the others that they were not run', async () => {
    const target = join(folder.path, 'cures');
    mkdirSync(target);
    const share = (value: number) => ({ value, low: value, high: value });
    const distances = { frechet: share(12.34), precision: share(0.8), recall: share(0.7), coverage: share(0.6) };
    const counts = [5, 195, 100, 100, 100, 100, 100, 100, 100, 100];
    const scores = [20_000, 50_000].map((step) => ({ step, entropy: 0.9, distances, counts }));
    writeFileSync(join(target, 'spread-seed1.json'), JSON.stringify({ scores }));
    const table = readFileSync(await writeCureTable(target), 'utf8');
    expect(table).toMatch(/^\| spread \| [^|]+ \| 1 \| 20,000 \| 0.900 \| 12.3 \| 0.800 \| 0.700 \| 0.600 \| 0 \|$/m);
    expect(table).toMatch(/^\| spread \| [^|]+ \| 0 \| not run \|/m);
    expect(table.match(/not run \|/g)).toHaveLength(2 * (cureNames.length + 2) - 1);
  });
});
