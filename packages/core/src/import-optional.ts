import { BackendUnavailableError } from './errors.ts';

/** Node's built-in modules, or undefined elsewhere: found without an import that a browser's bundler would trip over. */
export function nodeBuiltin<Module>(name: string): Module | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => Module | undefined } };
  return process?.getBuiltinModule?.(name);
}

export function isNode(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return typeof process?.versions?.node === 'string';
}

/**
 * A second try at a package that this one could not import: from where the running program finds it, as package managers
 * that nest strictly show it to the program alone. (The first try stands in a `try` block at the caller's: that tells
 * bundlers that the package may be missing.)
 *
 * @param cause What the first try threw.
 * @throws BackendUnavailableError if it isn't installed, or is and fails to load.
 */
export async function importFromProgram(backend: string, packageName: string, cause: unknown): Promise<unknown> {
  if (!isMissing(cause, packageName)) throw loadError(backend, packageName, cause);
  const url = findFromProgram(packageName);
  if (url === undefined) throw notInstalled(backend, packageName, cause);
  return importFromUrl(backend, packageName, url);
}

async function importFromUrl(backend: string, packageName: string, url: string): Promise<unknown> {
  try {
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ url);
  } catch (cause) {
    throw loadError(backend, packageName, cause);
  }
}

/** The URL of the package as the main script, or else the working directory, resolves it. */
function findFromProgram(packageName: string): string | undefined {
  const nodeModule = nodeBuiltin<typeof import('node:module')>('node:module');
  const nodeUrl = nodeBuiltin<typeof import('node:url')>('node:url');
  if (nodeModule === undefined || nodeUrl === undefined) return undefined;
  for (const from of [process.argv[1], `${process.cwd()}/`]) {
    if (from === undefined) continue;
    try {
      return nodeUrl.pathToFileURL(nodeModule.createRequire(from).resolve(packageName)).href;
    } catch {
      // Not to be found from there.
    }
  }
  return undefined;
}

function isMissing(cause: unknown, packageName: string): boolean {
  const { code, message } = cause as { code?: string; message?: string };
  const isNotFound = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  // Bundlers and browsers have no code for it, but name the specifier they could not resolve.
  return isNotFound || code === undefined ? (message ?? '').includes(packageName) : false;
}

function notInstalled(backend: string, packageName: string, cause: unknown): BackendUnavailableError {
  const remedy = `Install it: npm install ${packageName}`;
  return new BackendUnavailableError({ backend, reason: `${packageName} is not installed`, remedy }, { cause });
}

function loadError(backend: string, packageName: string, cause: unknown): BackendUnavailableError {
  const said = cause instanceof Error ? cause.message.split('\n')[0]! : String(cause);
  const unbuilt = said.includes('native addon module');
  const reason = unbuilt
    ? `${packageName} is installed without its native part`
    : `${packageName} is installed but failed to load (${said})`;
  const isNative = packageName.startsWith('@tensorflow/tfjs-node');
  const remedy = isNative
    ? `Build its native part, which no install script was allowed to fetch: npm rebuild ${packageName}`
    : `Install it anew: npm install ${packageName}`;
  return new BackendUnavailableError({ backend, reason, remedy }, { cause });
}
