import { PlainError } from './plain-error.mjs';

export const usage = `usage: node scripts/run.mjs <command> [arguments]

  lab [arguments]     run a task of the lab (npm run lab -- --help lists them)
  play [arguments]    open the lab in a browser (npm run play -- --help lists the options)
  bench [arguments]   run a benchmark       (npm run bench -- --help lists them)
  test [--filter NAME]... [vitest arguments]
                      build, lint, typecheck and run every test; --filter narrows all of it to a workspace

Each one first installs and builds what it needs. LAB_NODE=system runs the command on the Node that started it, in place
of the one that the workspace pins.
`;

const commands = new Set(['lab', 'play', 'bench', 'test', 'help']);

/**
 * Takes the first argument as the command and leaves the others as they are.
 * @param {string[]} argv
 */
export function parseArguments(argv) {
  const [first = 'help', ...args] = argv;
  const command = first === '--help' || first === '-h' ? 'help' : first;
  if (!commands.has(command)) throw new PlainError(`unknown command '${first}'\n\n${usage}`, 2);
  return { command, args };
}
