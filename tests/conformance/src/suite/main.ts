// What is bundled: in this order, since a test is described, for the backends that are known, when its file is read.
import { runTests } from './jasmine.ts';
import './backend.ts';
import '@tensorflow/tfjs-core/dist/tests.js';
import { setBackend } from '@tensorflow/tfjs-core';
import { simdInfo } from '@lab/backend-simd';
import type { Report } from '../outcome.ts';

async function run(): Promise<Report> {
  const { backend } = globalThis.mode;
  const inName = ` ${backend} {}`;
  const outcomes = await runTests();
  await setBackend(backend);
  return {
    outcomes: outcomes.map((outcome) => ({ ...outcome, name: outcome.name.replaceAll(inName, '') })),
    reason: backend === 'simd' ? simdInfo().reason : '',
  };
}

globalThis.report = run();
