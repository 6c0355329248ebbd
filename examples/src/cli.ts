import { inspect } from 'node:util';
import { ConfigError, requireOneOf } from '@lab/core';
import { readArguments } from './cli/arguments.ts';
import { explainFailure } from './cli/failure.ts';
import { helpText } from './cli/help.ts';
import type { OptionName } from './cli/options.ts';
import { consoleReporter } from './progress/console-reporter.ts';
import { jsonReporter, type Reporter } from './progress/reporter.ts';
import { listenForStop } from './run/stop-signals.ts';
import { tasks } from './tasks/registry.ts';
import type { Task } from './tasks/task.ts';

/** @returns The exit code. */
async function main(argv: readonly string[], report: Reporter): Promise<number> {
  const { task: typed, help, request, options, operands } = readArguments(argv);
  const task = taskNamed(typed);
  if (help) {
    process.stdout.write(helpText());
    return 0;
  }
  requireTaken(task, options, operands);
  const run = (signal: AbortSignal) => task.run({ ...request, task: task.name }, { report, signal }, operands);
  return task.leavesAtOnce ? run(new AbortController().signal) : withStopSignals(report, run);
}

function taskNamed(typed: string | undefined) {
  if (typed === undefined) return tasks[0];
  const name = requireOneOf(
    'The task',
    typed,
    tasks.map((task) => task.name),
  );
  return tasks.find((task) => task.name === name)!;
}

/** @throws ConfigError for the first option or operand that means nothing to the task. */
function requireTaken(task: Task, options: readonly OptionName[], operands: readonly string[]): void {
  const taken = [...task.options, 'json', 'help'].map((name) => `--${name}`);
  for (const option of options) requireOneOf(`An option of the task '${task.name}'`, `--${option}`, taken);
  if (task.operands !== undefined || operands.length === 0) return;
  const field = `What follows the task '${task.name}'`;
  throw new ConfigError({ field, value: operands[0], expected: 'an option, such as --seed 7' });
}

async function withStopSignals(report: Reporter, body: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const listener = listenForStop(() => {
    report({ event: 'note', message: 'Stopping after this step; once more to leave at once, without saving.' });
  });
  try {
    return await body(listener.signal);
  } finally {
    listener.dispose();
  }
}

function fail(error: unknown, report: Reporter): number {
  const { message, exitCode } = explainFailure(error);
  report({ event: 'error', message, exitCode });
  process.stderr.write(`${message}\n`);
  if (process.env['DEBUG']) process.stderr.write(`${inspect(error)}\n`);
  return exitCode;
}

const argv = process.argv.slice(2);
const report = argv.includes('--json')
  ? jsonReporter((text) => process.stdout.write(text))
  : consoleReporter(process.stdout);
// Whoever read the output has left (`| head`): nothing can be said any more, and a run goes on without it.
process.stdout.on('error', () => undefined);
process.exitCode = await main(argv, report).catch((error: unknown) => fail(error, report));
