import { version_core as version } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Outcome, Report } from './outcome.ts';

/** Why tests fail that are known to, by name. */
export type KnownFailures = Readonly<Record<string, string>>;

/**
 * Each of the suite's tests as one of vitest's. One that is known to fail is skipped with its reason as long as it does
 * fail: it fails here as soon as it passes there.
 */
export function describeReport(title: string, { outcomes, reason }: Report, known: KnownFailures = {}): void {
  const count = (status: Outcome['status']) => outcomes.filter((outcome) => outcome.status === status).length;
  const words = `${count('passed')} pass, ${count('failed')} fail, ${count('pending')} are left out by the suite itself`;
  console.log(`tfjs-core ${version} on ${title}${reason && ` (${reason})`}: ${words}`);

  describe(`tfjs-core's tests on ${title}`, () => {
    it('all ran', () => expect(count('passed')).toBeGreaterThan(4000));

    it('have the names that are listed as failing', () => {
      const names = new Set(outcomes.map(({ name }) => name));
      expect(Object.keys(known).filter((name) => !names.has(name))).toEqual([]);
    });

    for (const outcome of outcomes) describeOutcome(outcome, known[outcome.name]);
  });
}

function describeOutcome({ name, status, message }: Outcome, knownReason: string | undefined): void {
  if (status === 'pending') it.skip(name);
  else if (status === 'failed' && knownReason) it.skip(`${name} (fails: ${knownReason})`);
  else
    it(name, () => {
      if (status === 'failed') throw new Error(message);
      if (knownReason) throw new Error('passes, but is listed as failing: take it off the list');
    });
}
