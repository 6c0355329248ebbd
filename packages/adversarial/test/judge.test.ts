import { readFileSync } from 'node:fs';
import { RandomKey, decodeSafetensors, tf } from '@lab/core';
import { describe, expect, it } from 'vitest';
import { type JudgeName, classifierWeights, judgeRecipes, loadPretrained, untrainedJudge } from '../src/index.ts';
import { onCpu } from './cpu.ts';

onCpu();

const inWeights = (name: string) => new URL(`../weights/${name}`, import.meta.url);

describe('loadPretrained', () => {
  it.each(['judge', 'second'] as const)(
    'has the weights of the file of the %s, and answers with logits',
    async (name) => {
      const judge = await loadPretrained(name);
      const { tensors } = decodeSafetensors(new Uint8Array(readFileSync(inWeights(`${name}.safetensors`))));
      const weights = await classifierWeights(judge);
      expect(Object.keys(weights).sort()).toEqual(Object.keys(tensors).sort());
      for (const [key, { data }] of Object.entries(weights)) expect(data).toEqual(tensors[key]!.data);
      const logits = tf.tidy(() => (judge.apply(tf.zeros([2, 28, 28, 1])) as tf.Tensor).arraySync() as number[][]);
      expect(logits.map((row) => row.length)).toEqual([10, 10]);
      judge.dispose();
    },
  );

  it('gives each caller weights of its own', async () => {
    const [one, other] = [await loadPretrained(), await loadPretrained()];
    one.dispose();
    expect((await classifierWeights(other))['logits/bias']!.data).toHaveLength(10);
    other.dispose();
  });

  it.each([
    ['judge', 0.993],
    ['second', 0.99],
  ] as const)(
    'is of the network and the seed that the log of the %s says, and read %f of the test set',
    (name, least) => {
      const lines = readFileSync(inWeights(`${name}-training.jsonl`), 'utf8')
        .trim()
        .split('\n');
      const entries = lines.map((line) => JSON.parse(line) as Record<string, number>);
      expect(entries[0]!['seed']).toBe(judgeRecipes[name].seed);
      const judge = untrainedJudge(RandomKey.fromSeed(1), name);
      expect(judge.countParams()).toBe(entries[0]!['parameters']);
      expect(entries.at(-1)!['testAccuracy']).toBeGreaterThanOrEqual(least);
      judge.dispose();
    },
  );

  it('says which judges there are', async () => {
    await expect(loadPretrained('third' as JudgeName)).rejects.toThrow(/must be one of.*second/);
  });
});
