import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { WorkspacePackage } from '@lab/gates/packages';

export interface ReadmeExample {
  /** What the README tells one to install, without versions. */
  readonly install: readonly string[];
  readonly code: string;
}

/** The first example of a package's README, and what the README has one install before. */
export function readmeExample({ directory }: WorkspacePackage): ReadmeExample {
  const readme = readFileSync(path.join(directory, 'README.md'), 'utf8');
  const commands = [...readme.matchAll(/^npm install ([^#\n]*)/gm)].map(([, names]) => names!.trim().split(/\s+/));
  const [, code] = /^```js\n([^]*?)^```/m.exec(readme) ?? [];
  if (code === undefined) throw new Error(`${directory}/README.md has no example`);
  return { install: commands.flat(), code };
}

/** The same program, training for two steps of few pictures: for whether it runs, not for what comes of it. */
export function shortened(code: string): string {
  return code
    .replace(/\bsteps: \d+/g, 'steps: 2')
    .replace(/\bmetricsEvery: \d+/g, 'metricsEvery: 1')
    .replace(/\bbatchSize: \d+/g, 'batchSize: 8')
    .replace(/\bepochs: \d+/g, 'epochs: 1');
}
