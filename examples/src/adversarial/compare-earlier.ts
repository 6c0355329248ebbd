import type { Section } from '@lab/viz';
import type { Findings, Victim } from './experiments.ts';

/**
 * What was measured once on another classifier (conv 3x3x16 and 3x3x32, dense 128, six epochs, pictures not moved, 99.15%):
 * shares, by epsilon.
 */
const earlier = {
  sweep: {
    'FGSM, one step': { 0.05: 0.019, 0.1: 0.087, 0.15: 0.224, 0.2: 0.417, 0.25: 0.6, 0.3: 0.655, 0.4: 0.414 },
    'BIM, 10 steps': { 0.05: 0.053, 0.1: 0.426, 0.15: 0.947, 0.2: 1 },
    'PGD, 40 steps, random start': { 0.1: 0.515, 0.15: 0.968, 0.2: 1 },
  },
  reference: { '4 to 9': 0.988, 'noise to 9': 1 },
  targets: { 0: 0.38, 1: 0.55, 2: 0.77, 3: 0.9, 5: 0.87, 6: 0.78, 7: 0.88, 8: 0.98, 9: 0.983 },
  untargeted: {
    'FGSM, one step': { 0.1: 0.78, 0.15: 0.53, 0.2: 0.31, 0.25: 0.147, 0.3: 0.087 },
    'PGD, 40 steps, random start': { 0.1: 0.21, 0.15: 0.005, 0.2: 0, 0.25: 0, 0.3: 0 },
  },
} as const;

type Row = (string | null)[];

/** The figures of an earlier classifier beside those of every one attacked here. */
export function earlierTable(findings: Findings, budgets: readonly number[]): Section {
  const victims: Victim[] = [findings, ...Object.values(findings.others)];
  const sweeps = Object.entries(earlier.sweep).flatMap(([name, row]) =>
    Object.entries(row).map(([epsilon, share]): Row => [
      `4 to 9, ${name}, ${epsilon}`,
      percent(share),
      ...victims.map(({ sweep }) => percent(sweep[name]?.[budgets.indexOf(Number(epsilon))]?.success)),
    ]),
  );
  const references = Object.entries(earlier.reference).map(([name, share]): Row => [
    `5 steps of .04, ${name}`,
    percent(share),
    ...victims.map(({ reference }) => percent(reference[name]?.success)),
  ]);
  const onlyJudge = (share: number | undefined) => [percent(share), ...victims.slice(1).map(() => null)];
  const targets = Object.entries(earlier.targets).map(([target, share]): Row => [
    `4 to ${target}, BIM, 0.15`,
    percent(share),
    ...onlyJudge(findings.targets[Number(target)]?.success),
  ]);
  const { epsilons, left } = findings.untargeted;
  const untargeted = Object.entries(earlier.untargeted).flatMap(([name, row]) =>
    Object.entries(row).map(([epsilon, share]): Row => [
      `accuracy left by ${name}, ${epsilon}`,
      percent(share),
      ...onlyJudge(left[name]?.[epsilons.indexOf(Number(epsilon))]),
    ]),
  );
  const read = ['test pictures read', '99.15%', ...victims.map(({ accuracy }) => `${(100 * accuracy).toFixed(2)}%`)];
  return {
    kind: 'table',
    heading: 'Beside an earlier measurement',
    columns: ['', 'earlier', 'the judge', ...Object.keys(findings.others)],
    rows: [read, ...sweeps, ...references, ...targets, ...untargeted],
    caption:
      'Earlier: conv 3x3x16, pool, conv 3x3x32, pool, dense 128, six epochs of pictures that were not moved. ' +
      'The attacks are the same; what differs is the classifier.',
  };
}

function percent(share: number | undefined): string | null {
  return share === undefined ? null : `${(100 * share).toFixed(1)}%`;
}
