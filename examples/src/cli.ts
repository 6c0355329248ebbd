import { inspect } from 'node:util';
import { requireOneOf } from '@lab/core';
import { readArguments } from './cli/arguments.ts';
import { explainFailure } from './cli/failure.ts';
import { helpText } from './cli/help.ts';
import { consoleReporter } from './progress/console-reporter.ts';
import { jsonReporter, type Reporter } from './progress/reporter.ts';
import { listenForStop } from './run/stop-signals.ts';
import { tasks } from './tasks/registry.ts';

async function main(argv: readonly string[]): Promise<number> {
  const { task: typed, help, json, request } = readArguments(argv);
  const report = json ? jsonReporter((text) => process.stdout.write(text)) : consoleReporter(process.stdout);
  const task = taskNamed(typed);
  if (help) {
    process.stdout.write(helpText());
    return 0;
  }
  return withStopSignals(report, (signal) => task.run({ ...request, task: task.name }, { report, signal }));
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

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const { message, exitCode } = explainFailure(error);
  process.stderr.write(`${message}\n`);
  if (process.env['DEBUG']) process.stderr.write(`${inspect(error)}\n`);
  process.exitCode = exitCode;
}
