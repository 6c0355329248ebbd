import path from 'node:path';
import { build } from 'esbuild';

/**
 * An empty page that runs one module, as a bundler makes it: text by path.
 *
 * @param entry The module's file.
 * @param options.external What it imports and never asks for there.
 */
export async function bundlePage(
  entry: string,
  { external = [] }: { readonly external?: readonly string[] } = {},
): Promise<ReadonlyMap<string, string>> {
  const outdir = path.resolve('/');
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    splitting: true,
    write: false,
    outdir,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: [...external],
    logLevel: 'error',
  });
  const scripts = outputFiles.map(({ path: file, text }) => [`/${path.relative(outdir, file)}`, text] as const);
  const page = `<!doctype html><meta charset="utf-8"><script type="module" src="/${path.parse(entry).name}.js"></script>`;
  return new Map([['/', page], ...scripts]);
}
