import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Without what the npm or pnpm that started us has put into the environment, and without what names a CI to publish from. */
const foreign =
  /^(npm_(package|lifecycle|command|execpath|node_execpath)|npm_config_(local_prefix|global_prefix|loglevel)|pnpm_|INIT_CWD|NODE_PATH|CI$|GITHUB_|ACTIONS_)/i;

const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));

/**
 * Runs a command as somebody at a terminal would, who has called it in `cwd`.
 * @returns what it printed
 * @throws Error with both outputs if it fails
 */
export async function run(command: string, args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const shell = process.platform === 'win32';
  const options = { cwd, shell, env: { ...environment, ...env }, maxBuffer: 2 ** 26 };
  const { stdout } = await promisify(execFile)(command, [...args], options).catch((error: unknown) => {
    const { message, stdout, stderr } = error as { message: string; stdout?: string; stderr?: string };
    throw new Error(`${message}\n${stdout}\n${stderr}`, { cause: error });
  });
  return stdout;
}
