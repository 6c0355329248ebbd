import { expect, it } from 'vitest';
import { describeWork, workOf } from '../src/work.ts';

const row = { shapes: '', calls: 2, bytes: 0 };
const profile = {
  ms: 100,
  runs: 2,
  kernels: [
    { ...row, kernel: 'Conv2D', ms: 50, operations: 5e9 },
    { ...row, kernel: 'BatchMatMul', ms: 10, operations: 1e9 },
    { ...row, kernel: 'Relu', ms: 30, operations: undefined },
  ],
  restMs: 10,
};

it('divides the time of a step, and knows its work and its rate', () => {
  const work = workOf(profile, 200);
  expect(work).toMatchObject({ gflop: 3, peakGflops: 200, productGflops: 100 });
  expect(work.shares.products).toBeCloseTo(0.6);
  expect(work.shares.others).toBeCloseTo(0.3);
  expect(work.shares.javascript).toBeCloseTo(0.1);
});

it('says what keeps a step from the peak', () => {
  expect(describeWork(workOf(profile, 200), 40)).toBe(
    '3.00 GFLOP a step, convolutions counted as direct ones: 75.0 GFLOP/s, 38% of the 200.0 of multiply-adds in ' +
      'registers alone. Of the time, 60% is in products and convolutions (100.0 GFLOP/s), 30% in other kernels, ' +
      '10% in JavaScript.',
  );
});

it('describes a step none of whose kernels has an operation count', () => {
  const uncounted = profile.kernels.map((kernel) => ({ ...kernel, operations: undefined }));
  const work = workOf({ ...profile, kernels: uncounted }, 200);
  expect(work).toMatchObject({ gflop: 0, productGflops: 0, shares: { products: 0 } });
  expect(describeWork(JSON.parse(JSON.stringify(work)) as typeof work, 40)).toContain('0% is in products');
});
