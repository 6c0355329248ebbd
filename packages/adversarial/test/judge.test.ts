import { readFileSync } from 'node:fs';
import { RandomKey, decodeSafetensors, tf } from '@lab/core';
import { describe, expect, it } from 'vitest';
import { classifierWeights, judgeSeed, loadPretrained, untrainedJudge } from '../src/index.ts';
import { onCpu } from './cpu.ts';

onCpu();

const weightsFile = new URL('../weights/judge.safetensors', import.meta.url);
const logFile = new URL('../weights/judge-training.jsonl', import.meta.url);

describe('loadPretrained', () => {
  it('has the weights of the file, and answers with logits', async () => {
    const judge = await loadPretrained();
    const { tensors } = decodeSafetensors(new Uint8Array(readFileSync(weightsFile)));
    const weights = await classifierWeights(judge);
    expect(Object.keys(weights).sort()).toEqual(Object.keys(tensors).sort());
    for (const [name, { data }] of Object.entries(weights)) expect(data).toEqual(tensors[name]!.data);
    const logits = tf.tidy(() => (judge.apply(tf.zeros([2, 28, 28, 1])) as tf.Tensor).arraySync() as number[][]);
    expect(logits.map((row) => row.length)).toEqual([10, 10]);
    judge.dispose();
  });

  it('gives each caller weights of its own', async () => {
    const [one, other] = [await loadPretrained(), await loadPretrained()];
    one.dispose();
    expect((await classifierWeights(other))['logits/bias']!.data).toHaveLength(10);
    other.dispose();
  });

  it('is of the network and the seed that its log says, and read at least 99.3% of the test set', () => {
    const lines = readFileSync(logFile, 'utf8').trim().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as Record<string, number>);
    expect(entries[0]!['seed']).toBe(judgeSeed);
    const judge = untrainedJudge(RandomKey.fromSeed(judgeSeed));
    expect(judge.countParams()).toBe(entries[0]!['parameters']);
    expect(entries.at(-1)!['testAccuracy']).toBeGreaterThanOrEqual(0.993);
    judge.dispose();
  });
});
