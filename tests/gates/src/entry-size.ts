import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';

/** What a user has already, or chooses by itself: tfjs, and the packages of ours with budgets of their own. */
const external = ['@tensorflow/*', '@lab/*', 'node:*', 'vitest'];

/**
 * What an entry adds to a web page before anything is asked of it: bundled with its dependencies, minified and compressed.
 * Chunks that it imports while it runs, such as weights, are not counted.
 * @returns bytes
 */
export async function entrySize(file: string): Promise<number> {
  const { outputFiles, metafile } = await build({
    entryPoints: { entry: file },
    bundle: true,
    splitting: true,
    metafile: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'node',
    conditions: ['import'],
    mainFields: ['module', 'main'],
    outdir: 'out',
    external,
    logLevel: 'error',
  });
  const chunks = loadedAtOnce(metafile, 'out/entry.js').map((name) => path.resolve(name));
  const files = outputFiles.filter((output) => chunks.includes(output.path));
  return files.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).byteLength, 0);
}

/** A chunk, and those that it imports statically, directly or through others. */
function loadedAtOnce({ outputs }: Metafile, entry: string): string[] {
  const reached = new Set([entry]);
  for (const chunk of reached) {
    for (const { path: next, kind } of outputs[chunk]?.imports ?? []) {
      if (kind === 'import-statement' && next in outputs) reached.add(next);
    }
  }
  return [...reached];
}
