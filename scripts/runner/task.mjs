import path from 'node:path';
import { build } from './build.mjs';
import { endAs, run, taskArguments } from './hand-over.mjs';
import { install } from './install.mjs';
import { exclusively } from './lock.mjs';
import { workspaceNode } from './node-version.mjs';
import { PlainError } from './plain-error.mjs';
import { root } from './workspace.mjs';

/** Which workspace holds the command line of a command. */
const workspaces = {
  lab: { folder: 'examples', name: '@lab/examples' },
  play: { folder: 'examples/web', name: '@lab/playground' },
  bench: { folder: 'bench', name: '@lab/bench' },
};

/**
 * @param {string} command
 * @param {string[]} args handed on as they are
 */
export async function runTask(command, args) {
  const { folder, name } = workspaces[/** @type {keyof typeof workspaces} */ (command)];
  await exclusively(async () => {
    await install();
    const { code } = await build([`${name}...`]);
    if (code !== 0) throw new PlainError('The packages did not build; see above.');
  });
  const cli = path.join(root, folder, 'src', 'cli.ts');
  // Node 22 calls its own removal of types experimental, on every start.
  const nodeArguments = ['--disable-warning=ExperimentalWarning', ...taskArguments];
  endAs(await run(workspaceNode(), [...nodeArguments, cli, ...args]));
}
