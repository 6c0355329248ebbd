import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What a user has already, or chooses by itself: tfjs, and the packages of ours with budgets of their own. */
const external = ['@tensorflow/*', '@lab/*', 'node:*', 'vitest'];

/**
 * What an entry adds to a web page: bundled with its dependencies, minified and compressed.
 * @returns bytes
 */
export async function entrySize(file: string): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'node',
    conditions: ['import'],
    mainFields: ['module', 'main'],
    external,
    logLevel: 'error',
  });
  return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).byteLength, 0);
}
