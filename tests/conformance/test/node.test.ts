import { readFileSync } from 'node:fs';
import { version_core as version } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { describeReport } from '../src/describe-report.ts';
import { runInNode } from '../src/in-node.ts';

const reports = await runInNode({
  cpu: { backend: 'cpu', options: {} },
  shared: { backend: 'simd', options: { threads: 2 } },
  unshared: { backend: 'simd', options: { threads: 1, shared: false } },
});

describeReport("tfjs's cpu backend in Node", reports.cpu);
describeReport('simd in Node, two threads on shared memory', reports.shared);
describeReport('simd in Node, one thread', reports.unshared);

describe.each(['shared', 'unshared'] as const)('simd, %s', (mode) => {
  it("runs all of the tests that cpu runs, but for those of tfjs's cpu backend itself", () => {
    const names = new Set(reports[mode].outcomes.map(({ name }) => name));
    const left = reports.cpu.outcomes.map(({ name }) => name).filter((name) => !names.has(name));
    expect(left.filter((name) => !name.startsWith('Switching cpu backends'))).toEqual([]);
  });

  it("passes as many of them as backend-simd's README says", () => {
    const readme = readFileSync(new URL('../../../packages/backend-simd/README.md', import.meta.url), 'utf8');
    const passed = reports[mode].outcomes.filter(({ status }) => status === 'passed').length;
    expect(readme).toContain(`${passed} of the tests of tfjs-core ${version}`);
  });
});
