// cnn-b128 as a user of @lab/adversarial writes it; serve-ours.ts says what its arguments are.

import { classifier, trainStep } from '@lab/adversarial';
import { adam, RandomKey, tf } from '@lab/core';
import { serveOurs, startBackend } from './serve-ours.ts';

await startBackend();
const key = RandomKey.fromSeed(0);
const model = classifier({ key: key.child('weights') });
const images = key.child('images').uniform<tf.Rank.R4>([128, 28, 28, 1]);
const labels = tf.tensor1d(Int32Array.from({ length: 128 }, (_, k) => k % 10));
const options = { optimizer: adam({ learningRate: 1e-3 }) };

await serveOurs(() => trainStep(model, images, labels, options), { warmUp: 5 });
