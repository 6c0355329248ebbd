// How good are the digits of the shipped conditional GAN, and how soon are they there? 10,000 samples at each of some
// temperatures, scored as the recorded runs are:
//   node --disable-warning=ExperimentalWarning examples/src/results/shipped-cgan.ts
// writes examples/results/cgan-shipped.json.
import { join } from 'node:path';
import { loadPretrained, pretrainedTemperature } from '@lab/cgan';
import { useBackend } from '@lab/core';
import { loadMnist } from '@lab/mnist-data/node';
import { loadJudge } from '../judge/load-judge.ts';
import { thisMachine } from '../run/status.ts';
import { scorerByClassifier } from './scorers.ts';
import { judgedSamples, type KeptScores } from './snapshot-scores.ts';
import { writeJson } from './write-result.ts';

const started = performance.now();
const { name, details } = await useBackend('simd');
const digits = await loadPretrained();
const sevens = digits.sample({ label: 7, count: 64, seed: 1 });
await sevens.data();
const millisecondsToFirstDigits = Math.round(performance.now() - started);
sevens.dispose();

const { scorer } = await scorerByClassifier(await loadJudge(), await loadMnist());
const scores: Record<string, KeptScores> = {};
for (const temperature of [1, 0.9, pretrainedTemperature, 0.7]) {
  scores[temperature] = await scorer.score(await judgedSamples({ ...digits, temperature }, scorer.count));
  console.log(temperature, scores[temperature].conditional?.accuracy, scores[temperature].distances?.frechet);
}
const about = { parameters: digits.generator.countParams(), samples: scorer.count, millisecondsToFirstDigits };
const file = join(import.meta.dirname, '../../results/cgan-shipped.json');
await writeJson(file, {
  ...about,
  temperature: pretrainedTemperature,
  machine: thisMachine(),
  backend: { name, details },
  scores,
});
console.log(`${file} has it`);
