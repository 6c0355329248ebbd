import type { KernelProfile, Profile } from './profile.ts';

interface Cells {
  readonly name: string;
  readonly figures: readonly string[];
}

const header: Cells = { name: 'kernel', figures: ['ms', '%', 'calls', 'MB', 'GFLOP/s'] };

/**
 * A profile as a table: milliseconds, calls and bytes of one run, the share of the time, and the rate of products and
 * convolutions. The last lines are the time outside of kernels, and the whole.
 *
 * @param rows How many kernels at most, the others in one line together; @default 20
 */
export function formatProfile({ ms, runs, kernels, restMs }: Profile, rows = 20): string {
  const others = kernels.slice(rows);
  const lines = [
    header,
    ...kernels.slice(0, rows).map((row) => describeRow(row, runs, ms)),
    ...(others.length > 0 ? [describeRow(joined(others), runs, ms)] : []),
    { name: '(JavaScript)', figures: [decimal(restMs / runs), percent(restMs / ms), '', '', ''] },
    { name: '(all)', figures: [decimal(ms / runs), '100.0', '', '', ''] },
  ];
  const widths = header.figures.map((_, i) => Math.max(...lines.map(({ figures }) => figures[i]!.length)));
  const nameWidth = Math.max(...lines.map(({ name }) => name.length));
  return lines
    .map(({ name, figures }) => [name.padEnd(nameWidth), ...figures.map((text, i) => text.padStart(widths[i]!))])
    .map((cells) => `${cells.join('  ').trimEnd()}\n`)
    .join('');
}

function describeRow(
  { kernel, shapes, calls, ms, bytes, operations }: KernelProfile,
  runs: number,
  all: number,
): Cells {
  const rate = operations === undefined ? '' : (operations / ms / 1e6).toFixed(1);
  const perRun = Number((calls / runs).toFixed(1));
  return {
    name: shapes ? `${kernel} ${shapes}` : kernel,
    figures: [decimal(ms / runs), percent(ms / all), String(perRun), (bytes / runs / 1e6).toFixed(2), rate],
  };
}

function joined(rows: readonly KernelProfile[]): KernelProfile {
  const sum = (of: (row: KernelProfile) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    kernel: `(${rows.length} others)`,
    shapes: '',
    calls: sum(({ calls }) => calls),
    ms: sum(({ ms }) => ms),
    bytes: sum(({ bytes }) => bytes),
    operations: undefined,
  };
}

const decimal = (ms: number): string => ms.toFixed(3);
const percent = (share: number): string => (100 * share).toFixed(1);
