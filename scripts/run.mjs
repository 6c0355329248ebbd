// What `npm run lab`, `npm run bench` and `npm test` call. Plain Node >= 20 without a dependency: on a fresh machine nothing
// else is there yet. It installs what pnpm-lock.yaml names, builds what the command needs, and hands over to it under the
// Node that the workspace pins.
import { parseArguments, usage } from './runner/arguments.mjs';
import { requireSupportedNode } from './runner/node-version.mjs';
import { PlainError } from './runner/plain-error.mjs';

async function main() {
  requireSupportedNode();
  const { command, args } = parseArguments(process.argv.slice(2));
  if (command === 'help') return void process.stdout.write(usage);
  if (command === 'test') {
    const { runTests } = await import('./runner/test.mjs');
    return runTests(args);
  }
  const { runTask } = await import('./runner/task.mjs');
  return runTask(command, args);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof PlainError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
